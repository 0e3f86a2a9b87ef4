"""Find the resume a caller means, or refuse."""

from uuid import UUID

from commands.errors import ResumeNotFound, VersionMismatch, VersionNotFound
from commands.ports import Streams
from commands.resume import Resume, fold

Versions = frozenset[int]
"""The versions that a caller wants to build on, whichever of them is the present one."""


def check_version(shown: int, expected: Versions | None) -> None:
    """Refuse to build on what the caller has not seen; None expects nothing.

    Raises:
        VersionMismatch: the version *shown* now is not among the expected ones.

    """
    if expected is not None and shown not in expected:
        raise VersionMismatch


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
