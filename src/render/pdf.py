"""Renders a resume to PDF with WeasyPrint: tagged (PDF/UA-1), linked, the same bytes every time.

The one file that knows WeasyPrint. It is imported on first use, since that takes a second of CPU
and a process that only serves requests should never pay it (see `pdf_pool`).
"""

import ctypes
import gc
import hashlib
import os
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, get_args

from events.resume_data import ResumeData
from render.fonts import can_subset, covered, font_set, is_confined
from render.html import Look, PageSize, render_unstyled, stylesheet, template_version

_PACKAGES: Final = ("pydyf", "tinycss2", "tinyhtml5", "fonttools", "jinja2")
_LIBRARIES: Final = {
    "libpango-1.0.so.0": "pango_version_string",
    "libharfbuzz.so.0": "hb_version_string",
}


class RenderFailed(Exception):
    """A document can't be made into a PDF. The message holds nothing of its content."""


@dataclass(frozen=True, slots=True)
class _Engine:
    """What is read once a process: the HTML reader, fonts, and the styles of each page size."""

    html: Callable[..., Any]
    fonts: Any
    fetcher: Any
    styles: dict[tuple[PageSize, Look], Any]
    fatal: type[BaseException]


def render_pdf(
    data: ResumeData, *, page: PageSize, language: str, look: Look = "classic"
) -> bytes:
    """Return *data* as a PDF; see `render_html` for *language*.

    Takes about 60 ms of CPU a page once warm, and 1.5 s the first time. Reads nothing but fonts,
    neither network nor disk. The same arguments under the same `renderer()` give the same bytes.
    `use_fonts` must have been called in this process.

    Raises:
        RenderFailed: the document asks for something outside itself, or breaks the engine.

    """
    return write_pdf(render_unstyled(data, language=language), page=page, look=look)


def write_pdf(html: str, *, page: PageSize, look: Look = "classic") -> bytes:
    """Return *html* as a PDF in our styles, on the terms of `render_pdf`.

    Raises:
        RenderFailed: see `render_pdf`.

    """
    engine = _engine()
    document = engine.html(string=_with_glyphs(html), url_fetcher=engine.fetcher)
    try:
        pdf: bytes = document.write_pdf(
            stylesheets=[engine.styles[page, look]],
            font_config=engine.fonts,
            pdf_variant="pdf/ua-1",
        )
    except engine.fatal as error:  # a BaseException: left alone it would end a worker
        raise RenderFailed("The document asks for something outside itself.") from error
    except (RecursionError, MemoryError, OverflowError, ValueError) as error:
        raise RenderFailed(f"The PDF engine gave up: {type(error).__name__}.") from error
    return pdf


def _with_glyphs(html: str) -> str:
    """Return *html* without characters that no font has: letters become `?`, all else goes.

    A single missing glyph would have the text of its whole font read as nonsense.
    """
    missing = {ord(char) for char in set(html) if char > "~"} - covered()
    return html.translate(
        {code: "?" if unicodedata.category(chr(code))[0] in "LN" else "" for code in missing}
    )


@cache
def renderer() -> str:
    """Return what an export is a product of besides its data: template, engine and fonts.

    Any change of our templates, of WeasyPrint, of a library that shapes or packs its pages, or of
    a font gives another text. Costs 0.1 s the first time and doesn't import WeasyPrint.

    Raises:
        FontsMissing: the font package isn't there or lacks a family.

    """
    parts = [f"{name} {version(name)}" for name in _PACKAGES]
    parts += [f"{name} {_library_version(name, call)}" for name, call in _LIBRARIES.items()]
    parts += [f"zlib {zlib.ZLIB_RUNTIME_VERSION}", f"native subset {can_subset()}"]
    parts += [
        path.read_text(encoding="utf-8")
        for path in (Path(__file__), Path(__file__).with_name("fonts.py"))
    ]
    engine = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
    weasyprint = f"weasyprint-{version('weasyprint')}-{engine}"
    return f"{template_version()}/{weasyprint}/fonts-{font_set()}"


def prepare_to_fork() -> None:
    """Keep what is loaded out of the garbage collector's sight, so that forks share it."""
    gc.collect()
    gc.freeze()
    gc.disable()


@cache
def _engine() -> _Engine:
    if not is_confined(os.environ):
        raise RuntimeError("call render.fonts.use_fonts before rendering a PDF")
    import weasyprint  # noqa: PLC0415 - costs a second and reads FONTCONFIG_FILE when imported
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - same
    from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: PLC0415 - same

    fonts = FontConfiguration()
    fetcher = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    sizes: tuple[PageSize, ...] = get_args(PageSize)
    looks: tuple[Look, ...] = get_args(Look)
    styles: dict[tuple[PageSize, Look], Any] = {
        (size, look): weasyprint.CSS(
            string=stylesheet(size, look), font_config=fonts, url_fetcher=fetcher
        )
        for size in sizes
        for look in looks
    }
    return _Engine(weasyprint.HTML, fonts, fetcher, styles, FatalURLFetchingError)


def _library_version(name: str, call: str) -> str:
    try:
        function = getattr(ctypes.CDLL(name), call)
    except (OSError, AttributeError):
        return "unknown"
    function.restype = ctypes.c_char_p
    return bytes(function()).decode()
