"""The letters set: honest letters of invented people, each with one sentence more, many lies.

In `samples/letters_claims.jsonl` a line with a person is followed by the sentences for their
letter, which has a gap for one.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from commands.tailoring.letters.checking import objections
from commands.tailoring.letters.objection import LetterObjection
from commands.tailoring.posting import analyse_job
from events.resume_data import ResumeData
from events.tailoring import Language

SAMPLES = Path(__file__).parent / "samples" / "letters_claims.jsonl"
GAP = "{X}"


@dataclass(frozen=True)
class Writer:
    """One invented person, the posting they answer, and their honest letter with its gap."""

    name: str
    language: Language
    resume: ResumeData
    posting: str
    letter: str


@dataclass(frozen=True)
class Sentence:
    """One sentence for a letter, and whether it lies."""

    writer: Writer
    text: str
    lie: bool

    @property
    def letter(self) -> str:
        """The whole letter with the sentence in it."""
        return self.writer.letter.replace(GAP, self.text)


@cache
def sentences() -> tuple[Sentence, ...]:
    """Return every sentence of the set."""
    writers: dict[str, Writer] = {}
    found = []
    for line in SAMPLES.read_text("utf-8").splitlines():
        row = json.loads(line)
        if "person" in row:
            resume = ResumeData.model_validate_json(json.dumps(row["resume"]))
            name = row["person"]
            writers[name] = Writer(name, row["language"], resume, row["posting"], row["letter"])
        else:
            found.append(Sentence(writers[row["of"]], row["text"], row["lie"]))
    return tuple(found)


def objections_to(sentence: Sentence) -> tuple[LetterObjection, ...]:
    """Return what speaks against a letter with this sentence."""
    writer = sentence.writer
    return objections(
        "cover_letter",
        sentence.letter,
        writer.resume,
        analyse_job(writer.posting),
        writer.posting,
        writer.language,
    )
