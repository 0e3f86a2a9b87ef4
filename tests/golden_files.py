"""Golden files: every event in every shape that was ever stored, one a file, never overwritten.

`golden/<topic>.json` holds schema 1 as first written, `golden/<topic>.<n>.json` schema *n*. A new
topic, or a new schema of an old one, gets its example in `event_examples.py` (the example always
has today's shape); then

    PYTHONPATH=src:tests python tests/golden_files.py

writes the files that are missing and leaves all others as they are. A file that stands is changed
by nobody: somewhere a log holds it.
"""

import json
from pathlib import Path
from typing import Any, Final

from api.adapters.event_mapper import SealedEvent, place_of, to_recorded, to_stored
from api.adapters.vault import Vault
from event_examples import EXAMPLES
from events.base import Event
from events.catalogue import CATALOGUE
from events.recorded import Recorded
from stories import BY_ACME

FOLDER: Final = Path(__file__).with_name("golden")
VAULT: Final = Vault(bytes(32))

Golden = dict[str, Any]
"""`topic`, `schema`, `state` (the clear facts) and `personal` (the sealed ones, in clear)."""


def path_of(topic: str, schema: int) -> Path:
    return FOLDER / (f"{topic}.json" if schema == 1 else f"{topic}.{schema}.json")


def expected_paths() -> list[Path]:
    """Return where a file must stand for every shape there ever was."""
    return [
        path_of(topic, schema)
        for topic, kind in CATALOGUE.items()
        for schema in range(1, kind.SCHEMA + 1)
    ]


def golden_of(event: Event) -> Golden:
    """Return what the log stores of *event*, opened."""
    key, _ = VAULT.make(event.originator_id.bytes)
    stored = to_stored(Recorded(event, BY_ACME), key)
    place = place_of(
        BY_ACME.organization_id, event.originator_id, event.TOPIC, event.originator_version
    )
    return {
        "topic": stored.topic,
        "schema": stored.schema,
        "state": json.loads(stored.state),
        "personal": json.loads(key.open(stored.sealed, place)) if stored.sealed else None,
    }


def read_back(golden: Golden, example: Event) -> Event:
    """Return the event that today's program reads from *golden*, at the place of *example*."""
    stream_id, version = example.originator_id, example.originator_version
    key, wrapped = VAULT.make(stream_id.bytes)
    place = place_of(BY_ACME.organization_id, stream_id, golden["topic"], version)
    personal = golden["personal"]
    stored = SealedEvent(
        originator_id=stream_id,
        originator_version=version,
        topic=golden["topic"],
        state=json.dumps(golden["state"]).encode(),
        schema=golden["schema"],
        sealed=key.seal(json.dumps(personal).encode(), place) if personal is not None else None,
        organization_id=BY_ACME.organization_id,
        actor=BY_ACME.actor,
        request_id=BY_ACME.request_id,
        causation=BY_ACME.causation,
        wrapped=wrapped,
    )
    return to_recorded(stored, VAULT).event


def main() -> None:
    """Write the files that are missing for today's shapes."""
    FOLDER.mkdir(exist_ok=True)
    for topic, event in EXAMPLES.items():
        path = path_of(topic, event.SCHEMA)
        if not path.exists():
            path.write_text(
                json.dumps(golden_of(event), indent=2, ensure_ascii=False) + "\n", "utf-8"
            )


if __name__ == "__main__":
    main()
