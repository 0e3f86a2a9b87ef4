"""Letters without a model: sentences that claim nothing, and the resume's own lines."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from commands.tailoring.gate.case import Case
from commands.tailoring.letters.checking import objections
from commands.tailoring.letters.extent import extent_of, length_of
from commands.tailoring.letters.material import Material, Proof, material_of
from commands.tailoring.letters.sentences import listed, sentence, variants
from events.letter import LetterKind
from events.resume_data import ResumeData
from events.tailoring import JobAnalysis, Language

_NOTHING: Final = ("", ())
_OPENINGS: Final = ("role", "company", "ask")


def template_letter(
    kind: LetterKind,
    source: ResumeData,
    analysis: JobAnalysis,
    job_description: str,
    language: Language,
    *,
    variant: int = 0,
) -> str:
    """Return the letter that needs no model; `objections` has none to it.

    Plain text, paragraphs parted by a blank line, the person's name at the end. The same input
    gives the same letter; another *variant* reads differently. Whatever of the resume or the
    posting does not suit a letter is left out. Takes 5 to 50 ms.
    """
    case = Case(source, "FULL", analysis, job_description, language)
    letter = ""
    for material in _ever_less(material_of(case)):
        letter = _Letter(kind, language, material, variant).text
        if not objections(kind, letter, source, analysis, job_description, language):
            break
    return letter


def _ever_less(whole: Material) -> Iterator[Material]:
    """Yield what may be said, then less and less of it, at last nothing but the intention."""
    yield whole
    if len(whole.proofs) > 1:
        yield replace(whole, proofs=whole.proofs[:1])
        yield replace(whole, proofs=whole.proofs[1:])
    quiet = replace(whole, proofs=(), was={})
    yield quiet
    yield replace(whole, ask="", unmet="", skills=(), used=_NOTHING)
    yield replace(quiet, ask="", unmet="", skills=(), used=_NOTHING)
    yield replace(quiet, ask="", unmet="", skills=(), used=_NOTHING, company="")
    yield Material(role=whole.role, name=whole.name)
    yield Material(name=whole.name)
    yield Material()


class _Letter:
    """One letter in the making: parts that must be there, and parts for which there is room."""

    def __init__(
        self, kind: LetterKind, language: Language, material: Material, variant: int
    ) -> None:
        self._kind = kind
        self._language = language
        self._material = material
        self._variant = variant

    @property
    def text(self) -> str:
        """The whole letter, of a length that suits its kind."""
        extent = extent_of(self._kind, self._language)
        body: dict[str, list[str]] = {"proof": self._proofs[:1], "more": []}
        for place, part in self._wished:
            longer = {**body, place: [*body[place], part]}
            if self._length(longer) <= extent.most:
                body = longer
        for part in self._fillers:
            longer = {**body, "more": [*body["more"], part]}
            if self._length(body) < extent.least and self._length(longer) <= extent.most:
                body = longer
        return self._put_together(body)

    def _length(self, body: dict[str, list[str]]) -> int:
        return length_of(self._put_together(body), self._language)

    def _put_together(self, body: dict[str, list[str]]) -> str:
        space = "" if self._language in {"zh", "ja"} else " "
        close = "close cover" if self._kind == "cover_letter" else "close outreach"
        paragraphs = [
            self._greeting,
            self._opening,
            space.join(body["proof"]),
            space.join(body["more"]),
            self._say(close),
        ]
        if self._kind == "cover_letter":
            paragraphs.append(self._say("sign"))
        text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
        gap = "\n" if self._kind == "cover_letter" else "\n\n"
        return f"{text}{gap}{self._material.name}" if self._material.name else text

    def _say(self, slot: str, **names: str) -> str:
        return sentence(self._language, slot, self._variant, **names)

    @property
    def _greeting(self) -> str:
        if self._kind == "outreach":
            return self._say("greet outreach")
        company = self._material.company
        return self._say("greet company", company=company) if company else self._say("greet")

    @property
    def _opening(self) -> str:
        known = {name: value for name in _OPENINGS if (value := getattr(self._material, name))}
        opening = self._say(" ".join(["open", *known]), **known)
        if not self._material.unmet:
            return opening
        space = "" if self._language in {"zh", "ja"} else " "
        return f"{opening}{space}{self._say('unmet', ask=self._material.unmet)}"

    @property
    def _proofs(self) -> list[str]:
        proofs = self._material.proofs
        told = [self._told(proofs[0], "")] if proofs else []
        if len(proofs) > 1:
            same = proofs[0].at == proofs[1].at or proofs[1].form.startswith("project")
            told.append(
                self._told(proofs[1], "" if same and proofs[0].at != proofs[1].at else " more")
            )
        return told

    def _told(self, proof: Proof, suffix: str) -> str:
        slot = proof.form + suffix
        if not variants(self._language, slot):
            slot = proof.form
        key = "quote" if "quote" in proof.form else "deed"
        return self._say(slot, at=proof.at, **{key: proof.text})

    @property
    def _wished(self) -> list[tuple[str, str]]:
        """Return what is told where there is room, the most telling part first."""
        material = self._material
        parts: list[tuple[str, str]] = [("proof", told) for told in self._proofs[1:]]
        at, used = material.used
        if used:
            named = listed(self._language, used)
            parts.append(("proof", self._say("skills at", at=at, skills=named)))
        if material.skills:
            slot = "skills listed" if material.proofs or used else "skills only"
            named = listed(self._language, material.skills)
            parts.append(("proof", self._say(slot, skills=named)))
        if not material.fits and material.was and not material.proofs:
            parts.append(("proof", self._say("was", **material.was)))
        if not material.fits and (material.proofs or material.was):
            parts.append(("more", self._say("change")))
        if material.proofs:
            parts.append(("more", self._say("link")))
        return parts

    @property
    def _fillers(self) -> list[str]:
        found = variants(self._language, "filler")
        shift = self._variant % len(found)
        return [found[i] for i in (*range(shift, len(found)), *range(shift))]
