"""Whether the server and its database are there."""

from typing import Any, Final, Literal

from fastapi import APIRouter
from pydantic import BaseModel

from api.http.envelope import Data, Failure
from api.http.guard import Running
from api.http.problems import Problem

UNREACHABLE: Final = Problem(503, "INTERNAL_ERROR", "Database unreachable")
ILL: Final[dict[int | str, dict[str, Any]]] = {
    503: {
        "model": Failure,
        "description": f"- `{UNREACHABLE.code}`: {UNREACHABLE.detail}",
        "content": {
            "application/json": {
                "example": {"error": UNREACHABLE.code, "detail": UNREACHABLE.detail}
            }
        },
    }
}

router = APIRouter(prefix="/api/v1", tags=["Health"], responses=ILL)


class Health(BaseModel):
    """All is well."""

    status: Literal["ok"] = "ok"
    db: Literal["ok"] = "ok"


@router.get("/health")
def health(running: Running) -> Data[Health]:
    """Tell whether the server and its database answer. Needs no key."""
    if not running.database_answers():
        raise Problem(UNREACHABLE.status_code, UNREACHABLE.code, UNREACHABLE.detail)
    return Data(data=Health())
