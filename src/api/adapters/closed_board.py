"""The job board of a deployment that reads no postings by itself."""

from typing import Final

from commands.generating.ports import JobUnavailable
from events.generation import PostedJob

PASTE: Final = (
    "LinkedIn pages are not read by this server; send the text of the posting as job_description."
)


class ClosedBoard:
    """Asks for the text of every posting."""

    def resolve(self, job_id: str) -> PostedJob:  # noqa: ARG002 every job alike
        """Refuse; see `commands.generating.ports.JobBoard`."""
        raise JobUnavailable(PASTE)
