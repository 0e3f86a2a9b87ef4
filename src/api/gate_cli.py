"""The truth gate by itself: check tailored resumes that anyone made. Needs no database."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final, Literal, cast

import typer
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from api.console import say
from commands.tailoring.checking import Violation, violations
from events.resume_data import ResumeData
from events.tailoring import Language, Strategy

StrategyName = Literal["nudge", "keywords", "full"]

UNREADABLE: Final = 2
"""The exit status when there was nothing to judge; 1 is for violations."""
_MOST_ISSUES: Final = 5


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class Pair(BaseModel):
    """One line to check; members it does not name are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore")

    source: ResumeData
    tailored: ResumeData
    strategy: Annotated[Strategy | None, BeforeValidator(_upper)] = None
    language: Annotated[Language | None, BeforeValidator(_lower)] = None
    job_description: str | None = None


def gate(
    source: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="ResumeData, JSON.")
    ] = None,
    tailored: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="What was made of it.")
    ] = None,
    *,
    strategy: Annotated[StrategyName, typer.Option(help="How much may change.")] = "full",
    language: Annotated[
        Language | None, typer.Option(help="Of the tailored one; default the source's.")
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read pairs from standard input, one a line.")
    ] = False,
) -> None:
    """Say what a tailored resume claims that its source does not. Status 1 if it does.

    With --jsonl, lines with source, tailored and, if wanted, strategy, language and
    job_description are answered line by line, and the status is 0.
    """
    if jsonl and source is None:
        for answer in answers(sys.stdin.buffer):
            sys.stdout.buffer.write(answer)
            sys.stdout.buffer.flush()
        return
    if jsonl or source is None or tailored is None:
        raise typer.BadParameter("give two files, or --jsonl and no file")
    found = violations(
        _read(source),
        _read(tailored),
        strategy=cast("Strategy", strategy.upper()),
        language=language,
    )
    sys.stdout.buffer.write(_json(_verdict(found), indent=2))
    raise typer.Exit(1 if found else 0)


def _read(file: Path) -> ResumeData:
    try:
        return ResumeData.model_validate_json(file.read_bytes())
    except ValidationError as error:
        say(f"refolio: {file} is no resume as `refolio parse` prints it: {_issues(error)}")
        raise typer.Exit(UNREADABLE) from error


def answers(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Answer each line with one of JSON: a verdict, or `error` and `detail` if it is no pair."""
    for line in lines:
        try:
            pair = Pair.model_validate_json(line)
        except ValidationError as error:
            yield _json({"error": "VALIDATION_ERROR", "detail": _issues(error)})
        else:
            found = violations(
                pair.source,
                pair.tailored,
                strategy=pair.strategy or "FULL",
                language=pair.language,
                job_description=pair.job_description or "",
            )
            yield _json(_verdict(found))


def _verdict(found: Sequence[Violation]) -> dict[str, Any]:
    return {"ok": not found, "violations": [asdict(violation) for violation in found]}


def _issues(error: ValidationError) -> str:
    issues = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(
        f"{'.'.join(str(part) for part in issue['loc'])}: {issue['msg']}"
        for issue in issues[:_MOST_ISSUES]
    )


def _json(value: object, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode() + b"\n"
