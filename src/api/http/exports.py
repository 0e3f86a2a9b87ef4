"""Handing resumes out as documents."""

import base64
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator, WithJsonSchema

from api.http.conditions import is_known
from api.http.filenames import content_disposition
from api.http.guard import SCHEMES, KeyHolder, KeyRoute, Running, needs
from api.http.params import ResumeId
from api.http.problems import REFUSED
from api.ids import to_wire
from commands.export_resume import ExportResume

router = APIRouter(
    prefix="/api/v1/resumes",
    tags=["Exports"],
    route_class=KeyRoute,
    dependencies=SCHEMES,
    responses=REFUSED,
)

PDF: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/pdf": {}}, "description": "The PDF"}
}


def _version_in(value: object) -> object:
    text = str(value).lower()
    if text in {"latest", "original"}:
        return text
    if text.isascii() and text.isdigit():
        return int(text)
    raise ValueError("must be latest, original or the number of a version")


Page = Annotated[
    Literal["A4", "LETTER"],
    BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value),
    Query(description="Paper size"),
]
Number = Annotated[int, WithJsonSchema({"type": "integer", "minimum": 1})]
Version = Annotated[
    Literal["latest", "original"]
    | Annotated[int, WithJsonSchema({"type": "integer", "minimum": 1})],
    BeforeValidator(_version_in),
    Query(
        description="`latest`: the newest resume tailored from this one, or itself; `original`:"
        " itself; a number: itself as of that version of its history"
    ),
]


@router.get(
    "/{resume_id}/pdf", response_class=Response, responses=PDF, openapi_extra=needs("read")
)
def pdf(
    resume_id: ResumeId,
    request: Request,
    caller: KeyHolder,
    running: Running,
    page: Page = "A4",
    version: Version = "latest",
) -> Response:
    """Download the resume as a PDF: its newest tailored result, if it has one."""
    command = ExportResume(resume_id, page, version)
    if "if-none-match" in request.headers:
        known = running.preview_resume(command, caller.origin)
        if is_known(request, known.digest.hex()):
            return Response(status_code=304, headers={"etag": f'"{known.digest.hex()}"'})
    hand_out = running.preview_resume if request.state.head_only else running.export_resume
    document = hand_out(command, caller.origin)
    digest = base64.b64encode(document.digest).decode()
    return Response(
        document.pdf,
        media_type="application/pdf",
        headers={
            "content-disposition": content_disposition(document.filename),
            "cache-control": "private, no-store",
            "etag": f'"{document.digest.hex()}"',
            "content-digest": f"sha-256=:{digest}:",
            "x-resume-id": to_wire("res", document.resume_id),
        },
    )
