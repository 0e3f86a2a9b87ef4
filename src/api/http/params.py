"""Query and path parameters that several routes share."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.http.guard import KeyHolder, Running
from api.ids import from_wire
from commands.errors import NoMasterResume

DEFAULT_LIMIT: Final = 10
MAX_LIMIT: Final = 100
MAX_OFFSET: Final = 10_000_000
NOBODYS: Final = UUID(int=0)
"""What a malformed id stands for, so that it is answered like one that is missing."""


class Paging:
    """How many of a list, after how many; out of range it is the nearest in range."""

    def __init__(
        self,
        request: Request,
        response: Response,
        limit: Annotated[int, Query(description="1 to 100")] = DEFAULT_LIMIT,
        offset: Annotated[int, Query(description="0 or more")] = 0,
    ) -> None:
        self.limit = min(max(limit, 1), MAX_LIMIT)
        self.offset = min(max(offset, 0), MAX_OFFSET)
        self._url = request.url
        self._response = response

    def link(self, found: int) -> None:
        """Tell in a Link header (RFC 8288) where the pages beside this one are."""
        beside = {"first": 0, "prev": max(0, self.offset - self.limit)} if self.offset else {}
        if found == self.limit:
            beside["next"] = self.offset + self.limit
        if beside:
            self._response.headers["link"] = ", ".join(
                f'<{self._at(offset)}>; rel="{name}"' for name, offset in beside.items()
            )

    def _at(self, offset: int) -> str:
        url = self._url.include_query_params(limit=self.limit, offset=offset)
        return f"{url.path}?{url.query}"


Page = Annotated[Paging, Depends()]


def _resume_id(
    caller: KeyHolder,
    running: Running,
    resume_id: Annotated[str, Path(description="Id of a resume, or `master`")],
) -> UUID:
    if resume_id == "master":
        master_id = running.library.master_of(caller.organization_id)
        if master_id is None:
            raise NoMasterResume
        return master_id
    return from_wire("res", resume_id) or NOBODYS


ResumeId = Annotated[UUID, Depends(_resume_id)]


def base_url(request: Request) -> str:
    """Return the origin that the client reached us at, without a slash at the end."""
    return str(request.base_url).rstrip("/")


BaseUrl = Annotated[str, Depends(base_url)]
