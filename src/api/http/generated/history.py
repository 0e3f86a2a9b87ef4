"""What was generated before, and its documents."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response

from api.generation_cases import GeneratedView
from api.http.conditions import is_known
from api.http.exports import PDF
from api.http.filenames import content_disposition
from api.http.generated.route import ProfileRoute, owner_of
from api.http.generated.shapes import GenerationPage, filename_of, item_of
from api.http.guard import SCHEMES, Caller, KeyHolder, Running, needs
from api.http.params import NOBODYS, BaseUrl
from api.http.problems import REFUSED, Problem
from api.ids import from_wire, to_wire
from api.runtime import Runtime

router = APIRouter(
    prefix="/v1/resumes",
    tags=["Generations"],
    route_class=ProfileRoute,
    dependencies=SCHEMES,
    responses=REFUSED,
)

DEFAULT_LIMIT: Final = 25
MAX_LIMIT: Final = 100


@router.get("", openapi_extra=needs("read"))
def list_generations(
    caller: KeyHolder,
    running: Running,
    base: BaseUrl,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None, Query(description="`next_cursor` of the page before", max_length=500)
    ] = None,
) -> GenerationPage:
    """List what was generated for the key's profile, newest first."""
    owner_id = owner_of(caller)
    before = running.generating.cursors.open(owner_id, cursor) if cursor is not None else None
    if cursor is not None and before is None:
        raise Problem(400, "VALIDATION_ERROR", "cursor: is not one that was given to you")
    found = running.generating.shelf.history(
        caller.organization_id, owner_id, limit=limit + 1, before=before
    )
    shown = found[:limit]
    last = shown[-1].row if len(found) > limit else None
    return GenerationPage(
        items=[item_of(view, base) for view in shown],
        next_cursor=running.generating.cursors.seal(owner_id, (last.requested_at, last.id))
        if last
        else None,
    )


@router.get(
    "/{generation_id}/pdf",
    response_class=Response,
    responses=PDF,
    openapi_extra=needs("read"),
)
def download_generation(
    generation_id: Annotated[str, Path(description="Id of a generation")],
    request: Request,
    caller: KeyHolder,
    running: Running,
) -> Response:
    """Download the PDF of a generation: the bytes that were handed out first. Free."""
    view = _completed(generation_id, caller, running)
    if is_known(request, view.row.digest or ""):
        return Response(status_code=304, headers={"etag": f'"{view.row.digest}"'})
    return document_of(view, running)


def document_of(view: GeneratedView, running: Runtime) -> Response:
    """Return the PDF of a completed generation.

    Raises:
        Problem: it was erased meanwhile.

    """
    pdf = running.generating.shelf.document(view.row)
    if pdf is None:
        raise Problem(404, "NOT_FOUND", "There is no such generation.")
    headers = {
        "content-disposition": content_disposition(filename_of(view), kind="attachment"),
        "cache-control": "private, no-store",
        "etag": f'"{view.row.digest}"',
        "x-generation-id": to_wire("gen", view.row.id),
    }
    if view.row.fallback is not None:
        headers["x-render-fallback"] = view.row.fallback
    return Response(pdf, media_type="application/pdf", headers=headers)


def _completed(wire_id: str, caller: Caller, running: Runtime) -> GeneratedView:
    generation_id = from_wire("gen", wire_id) or NOBODYS
    view = running.generating.shelf.one(caller.organization_id, owner_of(caller), generation_id)
    if view is None or view.row.status != "completed":
        raise Problem(404, "NOT_FOUND", "There is no such generation.")
    return view
