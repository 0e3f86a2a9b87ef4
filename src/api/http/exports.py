"""Handing resumes out as documents."""

import base64
import re
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator

from api.http.guard import SCHEMES, KeyHolder, KeyRoute, Running
from api.http.params import ResumeId
from api.ids import to_wire
from commands.export_resume import ExportResume

router = APIRouter(
    prefix="/api/v1/resumes", tags=["Exports"], route_class=KeyRoute, dependencies=SCHEMES
)

PDF: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/pdf": {}}, "description": "The PDF"}
}

Page = Annotated[
    Literal["A4", "LETTER"],
    BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value),
    Query(description="Paper size"),
]
Version = Annotated[
    Literal["latest", "original"] | int,
    Query(
        description="`latest`: the newest resume tailored from this one, or itself; `original`:"
        " itself; a number: itself as of that version of its history"
    ),
]


@router.get("/{resume_id}/pdf", response_class=Response, responses=PDF)
def pdf(
    resume_id: ResumeId,
    request: Request,
    caller: KeyHolder,
    running: Running,
    page: Page = "A4",
    version: Version = "latest",
) -> Response:
    """Download the resume as a PDF: its newest tailored result, if it has one."""
    hand_out = running.preview_resume if request.state.head_only else running.export_resume
    document = hand_out(ExportResume(resume_id, page, version), caller.origin)
    digest = base64.b64encode(document.digest).decode()
    return Response(
        document.pdf,
        media_type="application/pdf",
        headers={
            "content-disposition": content_disposition(document.filename),
            "cache-control": "private, no-store",
            "content-digest": f"sha-256=:{digest}:",
            "x-resume-id": to_wire("res", document.resume_id),
        },
    )


def content_disposition(filename: str) -> str:
    """Return the header that shows a PDF under *filename*, ending in one `.pdf` (RFC 6266)."""
    stem = re.sub(r"\.(pdf|docx?)$", "", filename, flags=re.IGNORECASE) or "resume"
    plain = re.sub(r'[^ -~]|["\\%;]', "_", stem)
    return f"inline; filename=\"{plain}.pdf\"; filename*=UTF-8''{quote(stem, safe='')}.pdf"
