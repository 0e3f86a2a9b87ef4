"""The form of a letter: its length, its paragraphs, plain text, and what no letter says."""

import re
from typing import Final

from commands.tailoring.gate.case import Case
from commands.tailoring.gate.characters import characters
from commands.tailoring.letters.extent import extent_of, length_of
from commands.tailoring.letters.objection import LetterObjection
from commands.tailoring.letters.vocabulary import first
from commands.tailoring.text import fold, has_cjk
from commands.tailoring.tongue import language_of
from events.letter import LetterKind
from events.tailoring import Edit

_BLANK_LINE: Final = re.compile(r"\n\s*\n")
_LISTED: Final = re.compile(r"^\s*(?:[-*•●▪◦·‣■]|\d{1,2}[.)])\s", re.MULTILINE)
_HEADING: Final = re.compile(r"^\s*#|^\s*\*\*|\*\*|__|`", re.MULTILINE)
_DASH: Final = re.compile(r"[—―⸺]|\s–\s|--")
_BRACKET: Final = re.compile(r"[\[\]{}<>【】]|\bX{2,}\b|_{3,}")
_PHONE: Final = re.compile(r"(?<!\d)\+?\d[\d ()./-]{7,}\d(?!\d)")
_PERIOD: Final = re.compile(r"(?:19|20)\d\d ?[-–/] ?(?:19|20)\d\d")
_ENDINGS: Final = (",", ":", "，", "：", "、")
_SHORT_WORDS, _SHORT_LETTERS = 8, 24
_PARAGRAPHS: Final[dict[LetterKind, range]] = {
    "cover_letter": range(2, 6),
    "outreach": range(1, 5),
}


def body_of(text: str, name: str) -> list[str]:
    """Return the paragraphs between the greeting and the closing formula."""
    blocks = [block.strip() for block in _BLANK_LINE.split(text.strip()) if block.strip()]
    if blocks and _is_greeting(blocks[0]):
        first_line, _, rest = blocks[0].partition("\n")
        del first_line
        blocks = [rest.strip(), *blocks[1:]] if rest.strip() else blocks[1:]
    if blocks and _is_closing(blocks[-1], name):
        blocks = blocks[:-1]
    elif blocks and name and blocks[-1].endswith(name):
        blocks[-1] = blocks[-1][: -len(name)].strip()
    return blocks


def _is_greeting(block: str) -> bool:
    line = block.partition("\n")[0].strip()
    return _is_short(line) and (line.endswith((*_ENDINGS, "様", "。")) or len(line.split()) <= 3)


def _is_closing(block: str, name: str) -> bool:
    rest = block.removesuffix(name).strip() if name else block
    return not rest or _is_short(rest)


def _is_short(text: str) -> bool:
    return len(text) <= _SHORT_LETTERS if has_cjk(text) else len(text.split()) <= _SHORT_WORDS


def form(case: Case, kind: LetterKind, text: str) -> list[LetterObjection]:
    """Return what speaks against the outside of a letter."""
    found: list[LetterObjection] = []
    extent, length = extent_of(kind, case.language), length_of(text, case.language)
    if length not in extent.tolerated:
        unit = "characters" if case.language in {"zh", "ja"} else "words"
        code = "TOO_SHORT" if length < extent.least else "TOO_LONG"
        said = f"It has {length} {unit}; it should have {extent.least} to {extent.most}."
        found.append(LetterObjection(code, said))
    paragraphs = len(body_of(text, case.source.personal_info.name.strip()))
    if paragraphs not in _PARAGRAPHS[kind]:
        said = f"It has {paragraphs} paragraphs between greeting and closing."
        found.append(LetterObjection("WRONG_FORM", said))
    found += _plainness(case, text)
    spoken = language_of(_without_names(case, text))
    if spoken not in {None, case.language}:
        found.append(LetterObjection("WRONG_LANGUAGE", "It is in another language."))
    return found


def _without_names(case: Case, text: str) -> str:
    """Return *text* without names, which may be of any language."""
    kinds = {"heading", "title"}
    names = [p.text for p in case.evidence.places if p.kind in kinds]
    names += [case.analysis.company, case.analysis.role, case.source.personal_info.name]
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ") if name.strip() else text
    return text


def _plainness(case: Case, text: str) -> list[LetterObjection]:
    found: list[LetterObjection] = []
    for pattern, what in (
        (_LISTED, "a list"),
        (_HEADING, "markup"),
        (_DASH, "an em dash"),
        (_BRACKET, "brackets or a placeholder"),
    ):
        if pattern.search(text):
            found.append(LetterObjection("WRONG_FORM", f"It holds {what}."))
    if _PHONE.search(_PERIOD.sub("", text)):
        found.append(LetterObjection("UNSAFE_TEXT", "It holds a telephone number."))
    for line in text.splitlines():
        edit = Edit(path="summary", action="replace", original="", value=line, reason="")
        objection = characters(case, edit)
        if objection is not None:
            said = objection.detail.replace("The new text", "It")
            found.append(LetterObjection(objection.code, said))
            break
    banned = first(case.language, "ban", text)
    if banned:
        found.append(LetterObjection("BANNED_PHRASE", f"It says {banned!r}."))
    private = first(case.language, "private", text)
    if private and private not in fold("\n".join(case.texts.values())):
        said = f"It speaks of {private!r}, of which the resume says nothing."
        found.append(LetterObjection("UNSUPPORTED_WORD", said))
    return found
