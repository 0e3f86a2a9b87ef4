"""Uploading a document as a resume."""

import hashlib
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from api.http.bodies import NUL
from api.http.envelope import Data
from api.http.filenames import clean
from api.http.guard import SCHEMES, Caller, KeyHolder, KeyRoute, Running, needs
from api.http.models import Uploaded
from api.http.problems import REFUSED, Problem
from api.ids import to_wire
from api.runtime import Runtime
from commands.upload_resume import UploadResume

router = APIRouter(
    prefix="/api/v1/resumes",
    tags=["Resumes"],
    route_class=KeyRoute,
    dependencies=SCHEMES,
    responses=REFUSED,
)

CHOICES: Final = {"true": True, "1": True, "false": False, "0": False}

FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "PDF or DOCX, at most 10 MiB",
                        },
                        "set_as_master": {
                            "type": "string",
                            "enum": ["true", "false"],
                            "description": "true: replace the master; false: never; left out:"
                            " become the master if there is none",
                        },
                    },
                }
            }
        },
    }
}


@router.post("", status_code=201, openapi_extra=FORM | needs("write"))
async def upload(
    request: Request, response: Response, caller: KeyHolder, running: Running
) -> Data[Uploaded]:
    """Upload a PDF or DOCX resume. It is parsed in the background; watch its `status`."""
    content_type = request.headers.get("content-type", "")
    if not content_type.lower().startswith("multipart/form-data"):
        raise Problem(400, "VALIDATION_ERROR", "Send the document as multipart/form-data")
    async with request.form(max_files=1, max_fields=20) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Problem(422, "VALIDATION_ERROR", "Missing 'file' in form data")
        content = await file.read(running.settings.max_upload_bytes + 1)
        taken = await run_in_threadpool(_take_in, content, file.filename, form, caller, running)
    response.headers["location"] = f"/api/v1/resumes/{taken.data.resume_id}"
    return taken


def _take_in(
    content: bytes, name: str | None, form: FormData, caller: Caller, running: Runtime
) -> Data[Uploaded]:
    limit = running.settings.max_upload_bytes
    if len(content) > limit:
        detail = f"File size exceeds the {limit // 2**20} MB limit"
        raise Problem(413, "PAYLOAD_TOO_LARGE", detail)
    filename = _filename(name)
    resume_id = caller.id_for(running.new_id)
    command = UploadResume(
        resume_id=resume_id,
        filename=filename,
        size_bytes=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        text=running.read_document(content),
        set_as_master=CHOICES.get(str(form.get("set_as_master", "")).lower()),
    )
    is_master = caller.apply(running.upload_resume, command)
    if is_master is None:
        is_master = running.library.master_of(caller.organization_id) == resume_id
    return Data(
        data=Uploaded(
            resume_id=to_wire("res", resume_id),
            is_master=is_master,
            status="PROCESSING",
            filename=filename,
            warnings=list(command.text.warnings),
        )
    )


def _filename(name: str | None) -> str:
    if name and NUL in name:
        raise Problem(422, "VALIDATION_ERROR", "file: the name contains a NUL character")
    return clean(name or "") or "resume"
