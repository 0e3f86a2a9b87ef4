"""What a model is shown: the posting, what it asks for, and the resume's texts by their paths."""

import json
from typing import Final

from commands.tailoring.engine import Background
from commands.tailoring.places import places
from events.resume_data import ResumeData
from events.tailoring import JobAnalysis, Language

LANGUAGES: Final[dict[Language, str]] = {
    "en": "English",
    "es": "Spanish",
    "zh": "Chinese (Simplified)",
    "ja": "Japanese",
    "pt": "Brazilian Portuguese",
}
_MOST_EARLIER: Final = 30
_POSTING_CHARACTERS: Final = 40_000


def posting_of(job_description: str) -> str:
    """Return as much of a posting as a model is sent."""
    return job_description[:_POSTING_CHARACTERS]


def texts_of(source: ResumeData) -> str:
    """Return the resume's texts by their paths, as JSON: no name, no contact data, no dates."""
    texts = {place.path: place.text for place in places(source)}
    return json.dumps(texts, ensure_ascii=False, indent=0)


def keywords_of(analysis: JobAnalysis) -> str:
    """Return what the posting asks for, as JSON."""
    asked = analysis.keywords
    return json.dumps(
        {
            "role": analysis.role,
            "required": asked.required_skills,
            "preferred": asked.preferred_skills,
            "mentioned": asked.keywords,
        },
        ensure_ascii=False,
    )


def background_of(background: Background) -> str:
    """Return what else is known of the person, as JSON: a niche, and wordings by their paths."""
    earlier = [
        {"path": edit.path, "was": edit.original, "became": edit.value}
        for edit in background.earlier[:_MOST_EARLIER]
    ]
    return json.dumps({"niche": background.niche, "earlier": earlier}, ensure_ascii=False)
