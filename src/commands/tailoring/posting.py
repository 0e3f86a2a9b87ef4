"""Understand a job posting without asking anybody: keywords, years, seniority, role, employer."""

import re
from typing import Final

from commands.tailoring.lexicon import Concept, lexicon
from commands.tailoring.roles import find_company, find_role
from commands.tailoring.sections import Line, read_lines
from commands.tailoring.text import fold, shortened, squash
from commands.tailoring.tongue import word_table
from events.tailoring import JobAnalysis, JobKeywords

_MOST_KEYWORDS: Final = 60
_YEARS: Final = re.compile(
    r"(\d{1,2})\s*\+?\s*(?:(?:-|–|to|a|or|ou|o|~|～|至)\s*\d{1,2}\s*\+?\s*)?"
    r"(?:years?|yrs?|años|anos|年)(?!\s*(?:old|ago|leave|in a row))",
    re.IGNORECASE,
)
_OF_WORK: Final = re.compile(
    r"experien|background|work|in (?:a|the|similar)|desarroll|trabaj|atuaç|经验|经历|経験|以上",
    re.IGNORECASE,
)
_SENIORITY: Final = (
    ("intern", r"\bintern(?:ship)?\b|becari|estagi|实习|インターン"),
    ("junior", r"\bjunior\b|\bjr\b|entry[- ]level|júnior|graduate|初级|ジュニア|新卒"),
    ("executive", r"\bchief\b|\bvp\b|vice president|\bc[teoi]o\b|首席|副总裁|取締役"),
    ("director", r"\bdirector\b|head of|diretor|总监|部長"),
    ("principal", r"\bprincipal\b|\bstaff (?:engineer|software|developer|data)"),
    ("lead", r"\blead\b|team lead|líder|组长|リーダー|テックリード"),
    ("senior", r"\bsenior\b|\bsr\b|sénior|sênior|高级|资深|シニア"),
    ("manager", r"\bmanager\b|gerente|经理|マネージャー"),
    (
        "mid",
        r"\bmid(?:dle)?[- ]?(?:level|weight|senior)?\b|intermediate|confirmed|pleno|中级|ミドル",
    ),
)
_DEGREE: Final = re.compile(
    r"\b(?:bachelor|master'?s?|degree|ph\.?d|doctorate|diploma|licence|licenciatura|grado|título|"
    r"graduação|mestrado|bacharel|ensino superior)\b|本科|硕士|博士|学历|学士|修士|大卒|学位",
    re.IGNORECASE,
)
_SHAPED: Final = re.compile(
    r"(?<![A-Za-z0-9À-ÿ@/.])"
    r"(?:[A-Z][a-z]+[A-Z][A-Za-z0-9]*|[A-Z]{2,6}[0-9]?|[A-Z][a-z]{2,}(?:\.js)?)"
    r"(?![A-Za-z0-9À-ÿ])"
)


def analyse_job(job_description: str) -> JobAnalysis:
    """Return what the posting asks for. Takes about 5 ms; never fails: unknown is empty.

    Skills are named by the lexicon where it knows the spelling, otherwise in the posting's own
    words. Soft skills and what only the introduction names stand in `keywords`.
    """
    lines = read_lines(job_description)
    role = find_role(lines)
    company = find_company(lines, role)
    required, preferred, mentioned = _keywords(lines, company)
    bodies = [line for line in lines if not line.heading and line.kind != "noise"]
    keywords = JobKeywords(
        required_skills=required,
        preferred_skills=preferred,
        experience_requirements=_texts([b for b in bodies if _years_in(b.text) is not None]),
        education_requirements=_texts([b for b in bodies if _DEGREE.search(b.text)]),
        key_responsibilities=_texts([b for b in bodies if b.kind == "duties" and b.bullet]),
        keywords=mentioned,
        experience_years=next(
            (years for b in bodies if (years := _years_in(b.text)) is not None), None
        ),
        seniority_level=_seniority(role, bodies),
    )
    return JobAnalysis(role=role, company=company, keywords=keywords)


def _texts(lines: list[Line], most: int = 20) -> tuple[str, ...]:
    return tuple(shortened(line.text, 300) for line in lines[:most])


def _keywords(
    lines: tuple[Line, ...], company: str
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    groups: dict[str, dict[str, str]] = {"required": {}, "preferred": {}, "mentioned": {}}
    for line in lines:
        if line.kind == "noise" or (line.heading and line.kind != "intro"):
            continue
        for key, form, group in [*_known(line, company), *_shaped(line, company)]:
            groups[group].setdefault(key, form)
    required, preferred, mentioned = groups["required"], groups["preferred"], groups["mentioned"]
    preferred = {key: form for key, form in preferred.items() if key not in required}
    stated = required.keys() | preferred.keys()
    mentioned = {key: form for key, form in mentioned.items() if key not in stated}
    most = _MOST_KEYWORDS
    return (
        tuple(required.values())[:most],
        tuple(preferred.values())[:most],
        tuple(mentioned.values())[:most],
    )


def _known(line: Line, company: str) -> list[tuple[str, str, str]]:
    found = []
    for mention in lexicon().find(line.text):
        if squash(mention.form) != squash(company):
            group = _group(line, mention.concept)
            found.append((mention.concept.name, display(mention.concept, mention.form), group))
    return found


def _group(line: Line, concept: Concept) -> str:
    if concept.category == "soft" or line.kind == "intro":
        return "mentioned"
    return "required" if line.kind == "required" else "preferred"


def display(concept: Concept, form: str) -> str:
    """Return the lexicon's spelling of *form*, or *form* itself when it is another name."""
    return concept.name if concept.key(form) == concept.key(concept.name) else form


def _shaped(line: Line, company: str) -> list[tuple[str, str, str]]:
    """Find tools that the lexicon does not know, by their shape, in bullets that ask."""
    if not line.bullet or line.kind not in {"required", "preferred"}:
        return []
    spans = [(m.start, m.end) for m in lexicon().find(line.text)]
    found: list[tuple[str, str, str]] = []
    for match in _SHAPED.finditer(line.text):
        form = match.group()
        inside = any(start < match.end() and match.start() < end for start, end in spans)
        if not inside and not _is_plain_word(line.text, match) and fold(form) not in fold(company):
            found.append((squash(form), form, line.kind))
    return found


def _is_plain_word(text: str, match: re.Match[str]) -> bool:
    """Tell whether a capital is merely the start of a sentence, a place or a title."""
    form = match.group()
    if fold(form) in word_table("words.tsv")["en"]["no tool"]:
        return True
    before = text[: match.start()].rstrip()
    starts = not before or before[-1] in ".!?:;•–-(\"“'"
    shaped_like_word = form[1:].islower()
    followed_by_capital = re.match(r"\s+[A-Z]", text[match.end() :]) is not None
    preceded_by_capital = re.search(r"[A-Z][a-z]+$", before) is not None
    return shaped_like_word and (starts or followed_by_capital or preceded_by_capital)


def _years_in(text: str) -> int | None:
    match = _YEARS.search(text)
    if match is None or not _OF_WORK.search(text):
        return None
    years = int(match[1])
    return years if 0 < years <= 40 else None


def _seniority(role: str, bodies: list[Line]) -> str | None:
    asked = " ".join(line.text for line in bodies[:3])
    for text in (role, asked if not role else ""):
        for level, pattern in _SENIORITY:
            if text and re.search(pattern, text, re.IGNORECASE):
                return level
    return None
