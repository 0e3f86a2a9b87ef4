"""What is asked for under `/api/auth` and is not there: answered as everything else there is."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from api.http.accounts.guard import AccountRoute

router = APIRouter(route_class=AccountRoute, include_in_schema=False)


@router.api_route("/api/auth/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def not_there(path: str) -> None:
    """Say so."""
    raise HTTPException(404, f"There is no {path} for this method")
