"""Know what a job title says by definition: software engineers do software engineering."""

import re
from typing import Final

from commands.tailoring.lexicon import lexicon
from commands.tailoring.text import squash

_RANKS: Final = (
    r"(?:(?:senior|junior|lead|principal|staff|graduate|associate|chief|sr\.?|jr\.?|sênior|"
    r"júnior|sénior|pleno)\s+)*"
)
_LEVEL: Final = r"(?:\s+(?:i{1,3}|iv|v|[1-9]|senior|junior|sênior|júnior|sénior|pleno))?"
_DISCIPLINES: Final = (
    (re.compile(rf"{_RANKS}(.+?) engineer{_LEVEL}", re.IGNORECASE), "{} engineering"),
    (re.compile(rf"ingenier[oa] de (.+?){_LEVEL}", re.IGNORECASE), "ingeniería de {}"),
    (re.compile(rf"engenheir[oa] de (.+?){_LEVEL}", re.IGNORECASE), "engenharia de {}"),
    (re.compile(r"(.+)エンジニア"), "{}エンジニアリング"),
    (re.compile(r"(.+)エンジニア"), "{}工学"),
)
_NEXT_TITLE: Final = re.compile(r"\s*[/|·•]\s*")
_DETAIL: Final = re.compile(r"\s*[,(（@–—].*|\s+-\s.*|\s+at\s.*")


def disciplines(title: str) -> frozenset[str]:
    """Return the names of the concepts that whoever bears *title* practises by definition.

    The title must be one from end to end. A recruiter of software engineers is none, and neither
    is an aspiring one; a rank before it or a level after it does no harm.
    """
    parts = [_DETAIL.sub("", part).strip() for part in _NEXT_TITLE.split(title)]
    told = [
        pattern.format(match[1])
        for part in parts
        for known, pattern in _DISCIPLINES
        if (match := known.fullmatch(part))
    ]
    return frozenset(
        mention.concept.name
        for name in told
        for mention in lexicon().find(name)
        if squash(mention.form) == squash(name)
    )
