"""The profile that a key acts for."""

from fastapi import APIRouter

from api.http.generated.route import ProfileRoute
from api.http.generated.shapes import ProfileBody, ProfileShape
from api.http.guard import SCHEMES, Caller, KeyHolder, Running, needs
from api.http.params import NOBODYS
from api.http.problems import REFUSED
from api.ids import from_wire, to_wire
from api.runtime import Runtime
from commands.change_profile import ChangeProfile
from commands.profile import profile_of
from events.profile import ProfileContent, ProfileField

router = APIRouter(
    prefix="/v1/profile",
    tags=["Generations"],
    route_class=ProfileRoute,
    dependencies=SCHEMES,
    responses=REFUSED,
)

_FIELDS: frozenset[ProfileField] = frozenset({"description", "skills", "niche", "resume_id"})


@router.get("", openapi_extra=needs("read"))
def get_profile(caller: KeyHolder, running: Running) -> ProfileShape:
    """Read what generations start from: the person's own words, and a resume."""
    return _shown(caller, running)


@router.put("", openapi_extra=needs("write"))
def put_profile(body: ProfileBody, caller: KeyHolder, running: Running) -> ProfileShape:
    """Change the profile. Description and skills count as the person's own statements."""
    named = frozenset(name for name in _FIELDS if name in body.model_fields_set)
    resume_id = None if body.resume_id is None else from_wire("res", body.resume_id) or NOBODYS
    command = ChangeProfile(
        owner_id=caller.owner_id,
        changed=named,
        content=ProfileContent(
            description=body.description, skills=tuple(body.skills or ()), niche=body.niche
        ),
        resume_id=resume_id,
    )
    caller.apply(running.generating.change_profile, command)
    return _shown(caller, running)


def _shown(caller: Caller, running: Runtime) -> ProfileShape:
    profile_id = profile_of(caller.organization_id, caller.owner_id)
    profile = running.generating.profile_of(profile_id, caller.origin)
    content = profile.content
    return ProfileShape(
        description=content.description,
        skills=list(content.skills),
        niche=content.niche,
        resume_id=to_wire("res", profile.resume_id) if profile.resume_id else None,
    )
