"""The guide for people, and `/llms.txt` (llmstxt.org): the same in short for programs."""

from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from jinja2 import Environment
from markdown_it import MarkdownIt

from api.http.accounts.pages import POLICY

router = APIRouter(include_in_schema=False)


@router.get("/llms.txt", response_class=PlainTextResponse)
def llms() -> PlainTextResponse:
    """Tell programs that read what this is and where to read on."""
    return PlainTextResponse(_text("llms.txt"))


@router.get("/docs/guide", response_class=HTMLResponse)
def guide() -> HTMLResponse:
    """Show the guide."""
    return HTMLResponse(_page(), headers={**POLICY, "Cache-Control": "no-cache"})


@router.get("/docs/guide.css")
def style() -> Response:
    """Return how the guide looks."""
    return Response(_text("guide.css"), media_type="text/css")


@cache
def _page() -> str:
    template = Environment(autoescape=True).from_string(_text("guide.html.j2"))
    return template.render(content=MarkdownIt("commonmark").render(_text("guide.md")))


def _text(name: str) -> str:
    return (files("api.http") / name).read_text("utf-8")
