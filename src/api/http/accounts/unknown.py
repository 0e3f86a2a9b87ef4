"""What is asked for under `/api/auth` and is not there: answered as everything else there is."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException

from api.http.accounts.guard import AccountRoute
from api.http.problems import methods_of

router = APIRouter(route_class=AccountRoute, include_in_schema=False)


@router.api_route("/api/auth/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def not_there(path: str, request: Request) -> None:
    """Say so, or which methods there are."""
    methods = methods_of(request.app, request.url.path)
    if methods:
        raise HTTPException(405, f"This path takes {methods}.", {"Allow": methods})
    raise HTTPException(404, f"There is no {path}")
