"""Turn a pasted posting into a structured job."""

from commands.tailoring.posting import analyse_job
from events.generation import PostedJob


def job_in(text: str) -> PostedJob:
    """Return what a posting tells of its job; what it does not tell is ""."""
    analysis = analyse_job(text)
    return PostedJob(
        title=analysis.role,
        company=analysis.company,
        location="",
        requirements=analysis.keywords.required_skills,
        text=text,
    )
