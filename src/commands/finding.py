"""Find the resume a caller means, or refuse."""

from uuid import UUID

from commands.errors import ResumeNotFound, VersionNotFound
from commands.ports import Streams
from commands.resume import Resume, fold


def find_resume(
    resume_id: UUID, organization_id: UUID, streams: Streams, *, version: int | None = None
) -> Resume:
    """Return the organization's resume, as of *version* when given.

    Raises:
        ResumeNotFound: missing, deleted, never finished, or another organization's.
        VersionNotFound: the resume exists but had no content at *version*.

    """
    resume = streams.load(resume_id, fold, organization_id=organization_id)
    if resume is None or not resume.exists:
        raise ResumeNotFound
    if version is None or version == resume.version:
        return resume
    then = streams.load(resume_id, fold, organization_id=organization_id, version=version)
    if not 0 < version <= resume.version or then is None or then.data is None:
        raise VersionNotFound(version)
    return then
