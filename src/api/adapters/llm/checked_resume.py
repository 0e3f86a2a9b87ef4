"""A resume of what a model sorted and the document bears out, and else of the rules' reading."""

import re
from collections.abc import Sequence
from typing import Any, Final

from api.adapters.llm.checking import Checker
from api.adapters.llm.sorted_text import PERSON, SortedEntry, SortedText
from events.document_text import DocumentText
from events.resume import ParsedContent
from events.resume_data import Additional, CustomSection, PersonalInfo, ResumeData
from render.parsing.others import key_of

_LINKS: Final = ("website", "linkedin", "github")
_OWN_NEAR_LINES: Final = 2
_SHOWN: Final = 5
_STUDY_LINE: Final = re.compile(r"(education\[\d+\]\.description)\[\d+\]")


def checked_resume(text: DocumentText, given: SortedText, own: ParsedContent) -> ParsedContent:
    """Return what of *given* stands in the document, and where; *own* fills the gaps.

    Every employer, title, date, school, address, line and skill must occur in the text; a line
    must stand under the entry that claims it, and dates beside it. What was left out is warned of.
    """
    checker = Checker(text, {source.path: source.line for source in own.sources})
    entries = _Entries(checker, given, own)
    data = ResumeData.model_validate(
        {
            "personalInfo": _person(checker, given.person, own.data.personal_info),
            "summary": checker.text("summary", given.summary, own.data.summary),
            "workExperience": entries.of("workExperience", given.work),
            "education": entries.studies(given.education),
            "personalProjects": entries.of("personalProjects", given.projects),
            "additional": _additional(checker, given, own.data.additional),
            "customSections": entries.customs(given.customs, own.data.custom_sections),
        }
    )
    warnings = (*own.warnings, *_warnings(checker.missing, data, own.data))
    sources = tuple({source.path: source for source in reversed(checker.sources)}.values())[::-1]
    return ParsedContent(data=data, sources=sources, warnings=warnings)


def _person(checker: Checker, given: dict[str, str], own: PersonalInfo) -> dict[str, Any]:
    read = own.model_dump()
    return {
        name: checker.address(f"personalInfo.{name}", given[name], read[name])
        if name in _LINKS
        else checker.text(f"personalInfo.{name}", given[name], read[name])
        for name in PERSON
    }


def _additional(checker: Checker, given: SortedText, own: Additional) -> dict[str, Any]:
    read = own.model_dump(by_alias=True)
    return {
        name: checker.texts(f"additional.{name}", texts, read[name])
        for name, texts in given.lists.items()
    }


class _Entries:
    """Reads entries; the lines of one end where the next one of any section begins."""

    def __init__(self, checker: Checker, given: SortedText, own: ParsedContent) -> None:
        self._checker = checker
        self._own: dict[str, list[dict[str, Any]]] = own.data.model_dump(by_alias=True)
        self._own_sources = own.sources
        everything = (*given.work, *given.education, *given.projects, *given.customs)
        found = [checker.start_of(entry) for entry in everything]
        self._starts = sorted({start for start in found if start is not None})

    def of(self, section: str, given: Sequence[SortedEntry]) -> tuple[dict[str, Any], ...]:
        """Return the entries of *section* that stand in the document, in the model's order."""
        kept: list[dict[str, Any]] = []
        for entry in given:
            lines = self._lines_of(entry)
            if lines is None:
                self._checker.missing.append(f"{section}: {next(iter(entry.fields))}")
            else:
                kept.append(self._entry(section, entry, lines, kept))
        return tuple(kept)

    def studies(self, given: Sequence[SortedEntry]) -> tuple[dict[str, Any], ...]:
        """Return the studies, whose lines are one text."""
        read = self.of("education", given)
        for at, source in enumerate(self._checker.sources):
            if (line := _STUDY_LINE.fullmatch(source.path)) is not None:
                self._checker.sources[at] = source.model_copy(update={"path": line[1]})
        return tuple({**one, "description": "; ".join(one["description"]) or None} for one in read)

    def _entry(
        self, section: str, entry: SortedEntry, lines: range, before: Sequence[dict[str, Any]]
    ) -> dict[str, Any]:
        at = f"{section}[{len(before)}]"
        own_number = self._own_at(section, lines.start)
        own = {} if own_number is None else self._own[section][own_number]
        above = before[-1].get("company") if before else None
        read: dict[str, Any] = {"id": len(before) + 1}
        for name, text in entry.fields.items():
            rules = own.get(name) or ""
            path, own_path = f"{at}.{name}", f"{section}[{own_number}].{name}"
            if name in _LINKS:
                read[name] = self._checker.address(path, text, rules, own_path)
            elif name == "years":
                read[name] = self._checker.dates(path, text, rules, own_path, lines)
            elif name == "company" and text and text == above and rules in ("", text):
                read[name] = self._checker.inherited(path, text)
            else:
                read[name] = self._checker.head(path, text, rules, own_path, lines)
        read["description"] = self._checker.lines(f"{at}.description", entry.lines, lines)
        return read

    def customs(
        self, given: Sequence[SortedEntry], own: dict[str, CustomSection]
    ) -> dict[str, CustomSection]:
        """Return the other sections, by the keys of their headings; the rules' if none is."""
        kept: dict[str, CustomSection] = {}
        for entry in given:
            lines = self._lines_of(entry)
            if lines is not None:
                key = key_of(entry.fields["name"], tuple(kept))
                path = f"customSections.{key}.strings"
                strings = self._checker.lines(path, entry.lines, lines)
                if strings:
                    kept[key] = CustomSection(section_type="stringList", strings=strings)
        if not kept:
            self._checker.sources += [
                source for source in self._own_sources if source.path.startswith("customSections.")
            ]
        return kept or own

    def _lines_of(self, entry: SortedEntry) -> range | None:
        """Return the lines of *entry*; None when it doesn't stand in the document."""
        start = self._checker.start_of(entry)
        if start is None:
            return None
        return range(start, next((at for at in self._starts if at > start), self._checker.end))

    def _own_at(self, section: str, start: int) -> int | None:
        """Return the number of the rules' entry that begins within two lines of *start*."""
        heads = [
            (abs(source.line - start), int(source.path[len(section) + 1 :].partition("]")[0]))
            for source in self._own_sources
            if source.path.startswith(f"{section}[") and ".description" not in source.path
        ]
        distance, number = min(heads, default=(_OWN_NEAR_LINES + 1, 0))
        return number if distance <= _OWN_NEAR_LINES else None


def _warnings(missing: list[str], data: ResumeData, own: ResumeData) -> list[str]:
    found: list[str] = []
    if missing:
        shown = ", ".join(dict.fromkeys(missing[:_SHOWN]))
        more = " and others" if len(missing) > _SHOWN else ""
        found.append(
            f"{len(missing)} texts from the model do not stand in the document where it put them "
            f"and were left out ({shown}{more})."
        )
    for what, kept, ruled in (
        ("roles", data.work_experience, own.work_experience),
        ("studies", data.education, own.education),
        ("projects", data.personal_projects, own.personal_projects),
    ):
        if len(kept) < len(ruled):
            found.append(f"The model found {len(kept)} {what} where the rules found {len(ruled)}.")
    return found
