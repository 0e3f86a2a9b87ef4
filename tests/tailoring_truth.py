"""The truth set: rewritings of resumes of invented people, half of them lies; and mutations.

`samples/truth_<batch>.jsonl` holds resumes, each followed by the rewritings of its places. Every
batch was written against a frozen gate; `samples/truth_first_contact.json` keeps what it did then.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from commands.tailoring.gate.case import Case
from commands.tailoring.gate.judge import judge
from commands.tailoring.lexicon import lexicon
from commands.tailoring.places import places
from commands.tailoring.posting import analyse_job
from events.resume_data import ResumeData
from events.tailoring import Edit, Language, Verdict

SAMPLES = Path(__file__).parent / "samples"
POSTING = """# Senior Specialist
### Initech

## Requirements
- Kubernetes, Salesforce, Six Sigma, project management and leadership
"""
TOOLS = ("Kubernetes", "Salesforce", "Six Sigma", "Tableau", "COBOL")
FOREIGN = "Initech"
LEADING = {"en": "Supervised: ", "es": "Dirigí: ", "pt": "Chefiei: ", "zh": "主导", "ja": "主導: "}


@dataclass(frozen=True)
class Person:
    """One invented resume and its language."""

    name: str
    language: Language
    resume: ResumeData


@dataclass(frozen=True)
class Sample:
    """One rewriting: where it goes, what it says, whether it lies and how."""

    person: Person
    path: str
    text: str
    lie: bool
    kind: str


def batches() -> list[str]:
    """Return the names of the batches, oldest first."""
    return sorted(path.stem.removeprefix("truth_") for path in SAMPLES.glob("truth_*.jsonl"))


@cache
def samples(batch: str) -> tuple[Sample, ...]:
    """Return the rewritings of one batch."""
    people: dict[str, Person] = {}
    found = []
    for line in (SAMPLES / f"truth_{batch}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if "resume" in row:
            resume = ResumeData.model_validate_json(json.dumps(row["resume"]))
            people[row["name"]] = Person(row["name"], row["language"], resume)
        else:
            person = people[row["of"]]
            found.append(Sample(person, row["path"], row["text"], row["lie"], row["kind"]))
    return tuple(found)


def verdict_on(sample: Sample) -> Verdict:
    """Return what the gate says, under FULL and in the resume's own language."""
    texts = {place.path: place.text for place in places(sample.person.resume)}
    exists = sample.path in texts or sample.path == "summary"
    return verdict_of(
        sample.person,
        Edit(
            path=sample.path,
            action="replace" if exists else "append",
            original=texts.get(sample.path, "") if exists else None,
            value=sample.text,
            reason="closer to the posting",
        ),
    )


def verdict_of(person: Person, edit: Edit) -> Verdict:
    """Return what the gate says to any edit of a person's resume."""
    _, (verdict,) = judge(
        person.resume,
        "FULL",
        (edit,),
        analysis=analyse_job(POSTING),
        job_description=POSTING,
        language=person.language,
    )
    return verdict


@dataclass(frozen=True)
class Tally:
    """How many lies were caught and how many honest edits refused."""

    lies: int
    caught: int
    honest: int
    refused: int

    @property
    def recall(self) -> float:
        """The part of the lies that was refused."""
        return self.caught / self.lies

    @property
    def precision(self) -> float:
        """The part of the refusals that hit a lie."""
        return self.caught / (self.caught + self.refused)

    @property
    def refusal_rate(self) -> float:
        """The part of the honest edits that was refused."""
        return self.refused / self.honest


def tally(batch: str) -> Tally:
    """Judge one whole batch."""
    lies = [not verdict_on(s).accepted for s in samples(batch) if s.lie]
    honest = [not verdict_on(s).accepted for s in samples(batch) if not s.lie]
    return Tally(len(lies), sum(lies), len(honest), sum(honest))


def first_contacts() -> dict[str, Any]:
    """Return the figures of each batch against the gate it was written for."""
    found: dict[str, Any] = json.loads((SAMPLES / "truth_first_contact.json").read_text("utf-8"))
    return found


def people() -> list[Person]:
    """Return the people of all batches."""
    return list({id(s.person): s.person for b in batches() for s in samples(b)}.values())


def mutations(person: Person) -> Iterator[tuple[str, Edit]]:
    """Yield mechanical lies about *person*, each with its kind."""
    texts = {p.path: p.text for p in Case(person.resume, "FULL", analyse_job(POSTING), POSTING,
                                          person.language).evidence.places}  # fmt: skip
    shown = lexicon().names("\n".join(texts.values()))
    tools = [tool for tool in TOOLS if not lexicon().names(tool) <= shown]
    for path, text in texts.items():
        if (path != "summary" and ".description[" not in path) or path.startswith("education"):
            yield "locked", _replacement(path, text, text + " Plus")
            continue
        for i, changed in enumerate(_changed_numbers(text)):
            yield "number", _replacement(path, text, changed, note=str(i))
        for tool in tools:
            yield "tool", _replacement(path, text, f"{text.rstrip('.。')} ({tool}).")
        for mention in lexicon().find(text):
            swapped = text[: mention.start] + tools[0] + text[mention.end :]
            yield "tool", _replacement(path, text, swapped)
        yield "employer", _replacement(path, text, f"{text.rstrip('.。')} ({FOREIGN}).")
        if path != "summary" and not text.startswith("Supervised"):
            yield "role", _replacement(path, text, f"{LEADING[person.language]}{text}")
        half = text[: len(text) // 3]
        if path != "summary" and half.strip():
            yield "drop", _replacement(path, text, half)


def _replacement(path: str, old: str, new: str, *, note: str = "") -> Edit:
    return Edit(path=path, action="replace", original=old, value=new, reason=f"mutation {note}")


def _changed_numbers(text: str) -> Iterator[str]:
    for match in re.finditer(r"\d+", lexicon().blanked(text)):
        number = match.group()
        for other in (str(int(number) + 1), number + "0", "9" + number):
            fraction = text[: match.start()].endswith((".", ",")) and other == number + "0"
            if int(other) != int(number) and not fraction:
                yield text[: match.start()] + other + text[match.end() :]
