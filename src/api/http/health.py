"""Whether the server and its database are there."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from api.http.envelope import Data
from api.http.guard import Running
from api.http.problems import REFUSED, Problem

router = APIRouter(prefix="/api/v1", tags=["Health"], responses=REFUSED)


class Health(BaseModel):
    """All is well."""

    status: Literal["ok"] = "ok"
    db: Literal["ok"] = "ok"


@router.get("/health")
def health(running: Running) -> Data[Health]:
    """Tell whether the server and its database answer. Needs no key."""
    if not running.database_answers():
        raise Problem(503, "INTERNAL_ERROR", "Database unreachable")
    return Data(data=Health())
