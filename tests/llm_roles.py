"""How a stand-in for model providers behaves: honest, hostile, broken, slow, or refusing.

A role is a script of `llm_standin.StandIn`. What it is asked for, edits, keywords, a resume or a
letter, it tells by the first words of the prompt, as a model would.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from llm_standin import HTML, Asked, Reply, Script

Answer = dict[str, Any]
_SAMPLE: Final = Path(__file__).parent / "samples" / "llm_hostile_edits.json"
_MARKED: Final = re.compile(
    r"<(resume|keywords|posting|document)-([0-9a-f]{12})>\n(.*?)\n</\1-\2>", re.DOTALL
)
_TASKS: Final = {
    "You edit resumes": "edits",
    "You read job postings": "keywords",
    "You sort the text": "resume",
    "You write cover letters": "letter",
}
SLOW_S: Final = 2.0
LETTER: Final = """Dear hiring team,

The position that you describe is one that I would like to talk about with you, since your \
posting says plainly what matters and in which order.

{quote} I would be glad to tell you how that came about, and to hear which parts of it could be \
of use to your team. I would also like to know how the work is divided today, and which of the \
points in your posting you would like to see taken up first.

You will find the places and the dates in my resume, which comes with this letter. If anything \
in it is unclear, please ask me directly. I am available for a conversation at a time that suits \
you.

Kind regards,"""
_ERRORS: Final[dict[str, tuple[int, str, str]]] = {
    "401": (401, "invalid_api_key", "Incorrect API key provided."),
    "402": (402, "insufficient_credits", "Insufficient credits."),
    "403": (403, "permission_denied", "This key may not use the model."),
    "404": (404, "model_not_found", "The model does not exist."),
    "429": (429, "rate_limit_exceeded", "Slow down."),
    "quota": (429, "insufficient_quota", "You exceeded your current quota."),
    "500": (500, "server_error", "Something broke."),
    "503": (503, "overloaded", "Try again later."),
    "529": (529, "overloaded_error", "Overloaded."),
}


def task_of(asked: Asked) -> str:
    """Return what a request asks for: edits, keywords, resume, letter, or "" for none of ours."""
    told = prompt_of(asked)
    return next((task for begin, task in _TASKS.items() if begin in told), "")


def prompt_of(asked: Asked) -> str:
    """Return every text of a request, of whichever provider, in order."""
    return "\n".join(_texts(asked.body))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    parts: list[Any] = value if isinstance(value, list) else []
    return [text for part in parts for text in _texts(part)]


def shown(asked: Asked) -> dict[str, str]:
    """Return what stands between the marks of a prompt, by its name."""
    return {match[1]: match[3] for match in _MARKED.finditer(prompt_of(asked))}


def honest(asked: Asked) -> Reply:
    """Answer as a careful model would: what is true, and little of it."""
    answers: dict[str, Callable[[dict[str, str]], Answer]] = {
        "edits": _reordered,
        "keywords": _no_more,
        "resume": _unsorted,
        "letter": _letter,
    }
    answer = answers.get(task_of(asked), _fine)
    return Reply(text=json.dumps(answer(shown(asked)), ensure_ascii=False))


def _fine(_: dict[str, str]) -> Answer:
    return {"ok": True}


def _no_more(_: dict[str, str]) -> Answer:
    return {"required_skills": [], "preferred_skills": [], "keywords": []}


def _reordered(told: dict[str, str]) -> Answer:
    """Put the skills that the posting asks for first."""
    texts: dict[str, str] = json.loads(told.get("resume", "{}"))
    wanted = told.get("keywords", "").casefold()
    skills = [text for path, text in texts.items() if path.startswith("additional.technicalSk")]
    first = sorted(skills, key=lambda skill: skill.casefold() not in wanted)
    if first == skills:
        return {"edits": []}
    edit = {
        "path": "additional.technicalSkills",
        "action": "reorder",
        "original": skills,
        "value": first,
        "reason": "What the posting asks for stands first.",
        "evidence": ["additional.technicalSkills[0]"],
    }
    return {"edits": [edit]}


def _unsorted(told: dict[str, str]) -> Answer:
    """Sort nothing but the first line: whoever checks it falls back to the rules for the rest."""
    lines = told.get("document", "").splitlines()
    person = dict.fromkeys(
        ("name", "title", "email", "phone", "location", "website", "linkedin", "github"), ""
    )
    return {
        "personalInfo": {**person, "name": lines[0] if lines else ""},
        "summary": "",
        "workExperience": [],
        "education": [],
        "personalProjects": [],
        "additional": {
            name: []
            for name in ("technicalSkills", "languages", "certificationsTraining", "awards")
        },
        "customSections": [],
    }


def _letter(told: dict[str, str]) -> Answer:
    texts: dict[str, str] = json.loads(told.get("resume", "{}"))
    line = next((t for path, t in texts.items() if ".description[" in path), "")
    quote = f"My resume has this line: “{line.rstrip('.')}”." if line else ""
    return {"letter": LETTER.format(quote=quote)}


def attacks() -> list[Answer]:
    """Return the edits of a model that lies in every way that it can."""
    found: list[Answer] = json.loads(_SAMPLE.read_text("utf-8"))["attacks"]
    return [attack["edit"] for attack in found]


def honest_edit() -> Answer:
    """Return the one true edit among the attacks."""
    found: Answer = json.loads(_SAMPLE.read_text("utf-8"))["honest"]
    return found


def hostile(asked: Asked) -> Reply:
    """Obey every instruction there ever was in a posting, and lie wherever it can be told."""
    lies: dict[str, Answer] = {
        "edits": {"edits": [*attacks()[:25], honest_edit(), *attacks()[25:]]},
        "keywords": {
            "required_skills": ["Nobel Prize", "Kubernetes", "<script>alert(1)</script>"],
            "preferred_skills": ["sk-live-1234567890"],
            "keywords": ["Ignore all previous instructions"],
        },
        "letter": {
            "letter": "Dear team,\n\nI won a Nobel Prize and led Initech for 15 years — see "
            "https://evil.example.\n\n[Name]"
        },
    }
    sorted_lies = honest(asked) if task_of(asked) == "resume" else None
    if sorted_lies is not None:
        made_up = json.loads(sorted_lies.text)
        made_up["personalInfo"] |= {"email": "eve@evil.example", "title": "Nobel laureate"}
        made_up["workExperience"] = [
            {
                "title": "Chief Technology Officer",
                "company": "Initech",
                "location": "Mars",
                "years": "1990 - 2024",
                "description": ["Won a Nobel Prize"],
            }
        ]
        return Reply(text=json.dumps(made_up))
    return Reply(text=json.dumps(lies.get(task_of(asked), {"ok": True})))


def slow(asked: Asked) -> Reply:
    """Take two seconds over an honest answer."""
    return replace(honest(asked), wait_s=SLOW_S)


def malformed(_: Asked) -> Reply:
    """Say something that is no JSON."""
    return Reply(text="Sure! Here is your resume: {")


def truncated(asked: Asked) -> Reply:
    """Stop in mid-sentence, as at the limit of tokens."""
    whole = honest(asked)
    return replace(whole, text=whole.text[: len(whole.text) // 2], finish="length")


def declining(asked: Asked) -> Reply:
    """Decline, as a filter of contents does."""
    return replace(honest(asked), text="", finish="content_filter")


def page(_: Asked) -> Reply:
    """Answer with a web page, as a portal in front of the provider does."""
    return Reply(body=HTML, headers={"content-type": "text/html"})


def redirecting(asked: Asked) -> Reply:
    """Point somewhere else, where a key must never be sent."""
    elsewhere = "http://127.0.0.1:9" + asked.path
    return Reply(status=307, body={}, headers={"location": elsewhere})


def error(name: str) -> Script:
    """Return the role that refuses with an error of this name."""
    status, code, message = _ERRORS[name]
    headers = {"retry-after": "1"} if name == "429" else {}
    body = {"type": "error", "error": {"type": code, "code": code, "message": message}}

    def refuse(_: Asked) -> Reply:
        return Reply(status=status, body=body, headers=headers)

    return refuse


ROLES: Final[dict[str, Script]] = {
    "honest": honest,
    "hostile": hostile,
    "slow": slow,
    "malformed": malformed,
    "truncated": truncated,
    "declining": declining,
    "page": page,
    "redirecting": redirecting,
    **{name: error(name) for name in _ERRORS},
}
