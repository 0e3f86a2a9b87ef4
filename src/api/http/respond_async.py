"""`Prefer: respond-async` (RFC 7240): work is taken in, and looked after as a job."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.http.envelope import Data, Instant
from api.ids import to_wire
from api.runtime import Runtime

Kind = Literal["parse", "tailor", "cover_letter", "outreach"]

_PREFERENCE: Final = re.compile(r'\s*([\w-]+)\s*(?:=\s*"?([^",;]*)"?)?[^,]*')
LONGEST_WAIT_S: Final = 240.0


class JobFailure(BaseModel):
    """Why a job failed, as the answer to a request that waited for it would say."""

    error: str
    detail: str | None


class Job(BaseModel):
    """Work that was asked for: under way, done, or failed."""

    id: str
    kind: Kind
    status: Literal["PROCESSING", "READY", "FAILED"]
    url: str | None = Field(description="Where what was made is, once it is")
    result: Any = Field(description="What a request that waited would have been answered")
    error: JobFailure | None
    created_at: Instant
    finished_at: Instant | None


@dataclass(frozen=True, slots=True)
class Preference:
    """How long a client wants to wait for work; None: until it is done."""

    wait_s: float | None

    async def is_met(self, stream_id: UUID, running: Runtime) -> bool:
        """Tell whether the client may be answered with a job: it does not want to wait longer."""
        if self.wait_s is None:
            return False
        return not await running.outcomes.settled(stream_id, timeout_s=self.wait_s)


def _preference(request: Request) -> Preference:
    wanted: dict[str, str] = {}
    for header in request.headers.getlist("prefer"):
        for name, value in _PREFERENCE.findall(header):
            wanted.setdefault(name.lower(), value.strip())
    if "respond-async" not in wanted:
        return Preference(None)
    wait = wanted.get("wait", "")
    return Preference(min(float(wait), LONGEST_WAIT_S) if wait.isdecimal() else 0.0)


Preferred = Annotated[Preference, Depends(_preference)]


def accepted(stream_id: UUID, kind: Kind, running: Runtime) -> JSONResponse:
    """Return the answer to work that goes on: 202, and where to look after it."""
    job = Job(
        id=to_wire("job", stream_id),
        kind=kind,
        status="PROCESSING",
        url=None,
        result=None,
        error=None,
        created_at=running.clock(),
        finished_at=None,
    )
    headers = {
        "location": f"/api/v1/jobs/{job.id}",
        "preference-applied": "respond-async",
        "retry-after": "1",
    }
    return JSONResponse(Data(data=job).model_dump(mode="json"), 202, headers)
