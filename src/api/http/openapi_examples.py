"""Examples in the OpenAPI document: requests that work as they stand, and what they answer.

The answers were recorded from a running server. A test sends every request again and holds the
answer against its schema and against the recorded one.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

Document = dict[str, Any]

POSTING: Final = (
    "Backend engineer at Harbour Freight Systems, Lisbon. You will build and run services in"
    " Python and PostgreSQL, look after our Kubernetes clusters and write clear documentation."
)
RESUME: Final[Document] = {
    "personalInfo": {
        "name": "Ana Duarte",
        "title": "Backend Developer",
        "email": "ana@example.org",
        "location": "Lisbon",
    },
    "summary": "Backend developer for booking systems.",
    "workExperience": [
        {
            "title": "Backend Developer",
            "company": "Cais Software",
            "years": "2019 - Present",
            "description": ["Built booking services in Python and PostgreSQL"],
        }
    ],
    "education": [
        {"institution": "Universidade de Lisboa", "degree": "BSc Informatics", "years": "2018"}
    ],
    "additional": {"technicalSkills": ["Python", "PostgreSQL", "Kubernetes"]},
}

REQUESTS: Final[dict[str, dict[str, Document]]] = {
    "edit_resume": {
        "A title": {"title": "Backend Developer"},
        "All of the data": {"structured_data": RESUME},
    },
    "tailor": {
        "As short as it gets": {"job_description": POSTING},
        "With letters": {
            "job_description": POSTING,
            "strategy": "FULL",
            "output_language": "en",
            "generate_cover_letter": True,
            "generate_outreach": True,
        },
    },
    "match_posting": {"A posting": {"job_description": POSTING}},
    "check": {
        "Somebody's version": {
            "job_description": POSTING,
            "strategy": "KEYWORDS",
            "structured_data": RESUME,
        }
    },
    "put_llm_config": {
        "One flag": {"enable_cover_letter": True},
        "A provider": {
            "provider": "anthropic",
            "model": "claude-sonnet-4-5",
            "default_prompt_id": "KEYWORDS",
            "content_language": "en",
        },
    },
    "add_webhook": {
        "Everything": {"url": "https://example.org/hook"},
        "What was tailored": {
            "url": "https://example.org/hook",
            "description": "Tells the team",
            "types": ["resume.tailored"],
        },
    },
    "change_webhook": {"Pause": {"enabled": False}},
    "replay_webhook": {"From the beginning": {"after": 0}},
    "write_cover_letter": {
        "For the stored posting": {},
        "For another posting": {"job_description": POSTING},
    },
    "regenerate_cover_letter": {"For the stored posting": {}},
    "write_outreach": {
        "For the stored posting": {},
        "For another posting": {"job_description": POSTING},
    },
    "regenerate_outreach": {"For the stored posting": {}},
}
"""Bodies by operation and by what they show."""


@cache
def answers() -> dict[str, Document]:
    """Return what every operation answered once, by its id."""
    recorded = files("api.http").joinpath("openapi_answers.json").read_text("utf-8")
    found: dict[str, Document] = json.loads(recorded)
    return found


def exemplify(operation: Document) -> None:
    """Put the examples of an operation where readers and tools look for them."""
    name = operation["operationId"]
    if name in REQUESTS:
        operation["requestBody"]["content"]["application/json"]["examples"] = {
            told: {"value": body} for told, body in REQUESTS[name].items()
        }
    if name in answers():
        status = next(s for s in ("201", "200", "202") if s in operation["responses"])
        operation["responses"][status]["content"]["application/json"]["example"] = answers()[name]
