"""What the command line shows to people: readiness, and history as a timeline."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, cast

from eventsourcing.persistence import StoredEvent
from rich.console import Console
from rich.table import Table

from api.adapters.event_mapper import SealedEvent, to_recorded
from api.adapters.vault import Vault
from api.ids import to_wire
from api.settings import Settings
from api.times import instant
from events.letter import (
    LetterDeleted,
    LetterDrafted,
    LetterFailed,
    LetterRequested,
    LetterWritten,
)
from events.recorded import Recorded
from events.resume import (
    EditsProposed,
    JobAnalysed,
    ParsingRequested,
    ResumeDeleted,
    ResumeEdited,
    ResumeExported,
    ResumeParsed,
    ResumeParsingFailed,
    ResumeTailored,
    ResumeUploaded,
    TailoringFailed,
    TailoringRequested,
    TextExtracted,
    UsageCharged,
)

QUICKSTART: Final = """\
Try it, with your own resume.pdf:

API_KEY="{key}"
RESUME_ID=$(curl -s -X POST {url}/api/v1/resumes \\
  -H "Authorization: Bearer $API_KEY" -F "file=@resume.pdf" | jq -r '.data.resume_id')
curl -s -X POST {url}/api/v1/resumes/$RESUME_ID/tailor \\
  -H "Authorization: Bearer $API_KEY" -H "Content-Type: application/json" \\
  -d '{{"jobDescription": "We are hiring a senior backend engineer with strong API experience."}}'
curl -L {url}/api/v1/resumes/$RESUME_ID/pdf -H "Authorization: Bearer $API_KEY" -o tailored.pdf
"""


def tell_ready(settings: Settings, new_key: str | None) -> None:
    """Say where the server listens; at the first start also how to begin, with the first key."""
    # Whoever started the server may not listen any more; it serves all the same.
    with suppress(OSError):
        sys.stdout.write(_readiness(settings, new_key))
        sys.stdout.flush()


def _readiness(settings: Settings, new_key: str | None) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{settings.port}"  # noqa: S104 compared, not bound
    beginning = (
        f"Your first API key, shown only now: {new_key}\n\n"
        + QUICKSTART.format(key=new_key, url=url)
        if new_key
        else "Another API key: .venv/bin/refolio key create --name NAME"
    )
    where = f"{url} · documentation: {url}/docs · state: {settings.home}"
    return f"{beginning}\nRefolio is ready: {where}\n"


def tell_history(
    console: Console, resume_id: str, stored: Sequence[StoredEvent], vault: Vault
) -> None:
    """Print the events of a stream, one line each."""
    if not console.is_terminal:  # whoever reads a file or a pipe wants whole lines
        console = Console(file=console.file, width=200, highlight=False)
    table = Table(title=f"History of {resume_id}", title_justify="left", box=None)
    for column in ("#", "when (UTC)", "what", "because of", "by"):
        table.add_column(column, overflow="fold")
    for row in stored:
        fact = to_recorded(cast("SealedEvent", row), vault)
        table.add_row(
            str(fact.originator_version),
            instant(fact.event.timestamp),
            sentence(fact),
            _cause(fact),
            fact.origin.actor,
        )
    console.print(table)


def _cause(fact: Recorded) -> str:
    stream, _, version = (fact.origin.causation or "").rpartition("/")
    return f"#{version}" if stream == str(fact.originator_id) else stream


def sentence(fact: Recorded) -> str:
    """Say in a sentence what happened."""
    match fact.event:
        case ResumeUploaded() as event:
            name = event.personal.filename if event.personal else "(erased)"
            return f"Uploaded {name}: {event.kind.upper()}, {event.size_bytes:,} bytes"
        case TextExtracted() as event:
            return f"{event.line_count} lines of text were read"
        case ParsingRequested():
            return "Parsing was asked for"
        case ResumeParsed() as event:
            return f"Parsed by {event.parser} in {event.duration_ms} ms"
        case ResumeParsingFailed() as event:
            return f"Parsing failed: {event.reason}"
        case ResumeEdited() as event:
            return f"Edited by hand: {', '.join(event.changed)}"
        case TailoringRequested() as event:
            return (
                f"Tailoring of {to_wire('res', event.source_id)} was asked for: {event.strategy}"
            )
        case JobAnalysed() as event:
            return f"The posting was analysed: {event.personal.title if event.personal else ''}"
        case EditsProposed() as event:
            return f"{event.engine} proposed {event.edit_count} edits in {event.duration_ms} ms"
        case _:
            return _outcome(fact)


def _outcome(fact: Recorded) -> str:
    match fact.event:
        case ResumeTailored() as event:
            return (
                f"Tailored: {event.accepted} edits accepted, {event.refused} refused;"
                f" coverage {event.coverage_before} → {event.coverage_after} %"
            )
        case TailoringFailed() as event:
            return f"Tailoring failed: {event.reason}"
        case ResumeExported() as event:
            return f"Exported as {event.export_format.upper()} {event.page}, {event.digest[:12]}…"
        case UsageCharged() as event:
            return f"Charged {event.units} × {event.operation} on {event.plan}"
        case ResumeDeleted() | LetterDeleted():
            return "Deleted: the key to its content was destroyed"
        case LetterRequested() as event:
            return f"{event.kind.replace('_', ' ').capitalize()} was asked for"
        case LetterDrafted() as event:
            return f"{event.engine} wrote a draft in {event.duration_ms} ms"
        case LetterWritten() as event:
            return f"Written by the {event.author}; drafts refused: {len(event.refused)}"
        case LetterFailed() as event:
            return f"Writing failed: {event.reason}"
        case event:
            return event.TOPIC.replace("-", " ").capitalize()
