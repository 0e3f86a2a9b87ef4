"""What is sealed stays sealed, stays where it is, and opens with its own key alone."""

import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from api.adapters.event_mapper import SealedEvent, place_of, to_recorded, to_stored
from api.adapters.vault import NONCE_BYTES, Vault, WrongMasterKey
from commands.resume import fold
from event_examples import EXAMPLES
from events.catalogue import CATALOGUE
from events.recorded import Origin, Recorded
from real_log import SRC, VAULT, Store
from stories import ACME, BY_ACME, GLOBEX, OTHER, RESUME, ready, uploaded

STRANGER: Final = Vault(bytes(range(32)))
PLACE: Final = place_of(ACME, RESUME, "resume-parsed", 4)

MOVED: Final = (
    "UPDATE events SET organization_id = gen_random_uuid()",
    "UPDATE events SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)",
    """
    UPDATE events e SET sealed = o.sealed FROM events o
     WHERE o.topic = e.topic AND o.originator_id <> e.originator_id
    """,
    """
    UPDATE events e SET topic = o.topic, state = o.state FROM events o
     WHERE e.topic = 'text-extracted' AND o.topic = 'resume-parsed'
    """,
    """
    UPDATE data_keys k SET wrapped = o.wrapped FROM data_keys o WHERE o.stream_id <> k.stream_id
    """,
)
"""What someone with the database, but without the key, could try."""

MAKE_KEY: Final = """
import sys
from pathlib import Path
from api.adapters.vault import Vault
sys.stdin.read(1)
print(Vault.in_file(Path(sys.argv[1])).key_id)
"""


class Elsewhere(NamedTuple):
    """A place in the log, each part with its true value."""

    organization_id: UUID = ACME
    stream_id: UUID = RESUME
    topic: str = "resume-parsed"
    version: int = 4


@given(st.binary())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_what_was_sealed_opens_at_its_place(content: bytes) -> None:
    key, wrapped = VAULT.make(RESUME.bytes)

    sealed = key.seal(content, PLACE)

    assert VAULT.unwrap(wrapped, RESUME.bytes).open(sealed, PLACE) == content


@pytest.mark.parametrize(
    "place",
    [
        Elsewhere(organization_id=GLOBEX),
        Elsewhere(stream_id=OTHER),
        Elsewhere(topic="resume-edited"),
        Elsewhere(version=5),
        Elsewhere(version=41),
    ],
)
def test_sealed_content_opens_at_no_other_place(place: Elsewhere) -> None:
    key, _ = VAULT.make(RESUME.bytes)
    sealed = key.seal(b"Ada", PLACE)

    with pytest.raises(InvalidTag):
        key.open(sealed, place_of(*place))


def test_no_two_places_are_written_alike() -> None:
    tricky = [
        Elsewhere(topic=topic, version=version)
        for topic in (*CATALOGUE, "1", "11", "1:a", ":")
        for version in (1, 11, 111)
    ]

    assert len({place_of(*place) for place in tricky}) == len(tricky)


def test_one_altered_byte_anywhere_is_noticed() -> None:
    key, _ = VAULT.make(RESUME.bytes)
    sealed = key.seal(b"Ada Example", PLACE)

    for index in range(len(sealed)):
        altered = bytearray(sealed)
        altered[index] ^= 1
        with pytest.raises(InvalidTag):
            key.open(bytes(altered), PLACE)


@pytest.mark.parametrize("length", [0, 5, NONCE_BYTES, NONCE_BYTES + 15])
def test_what_was_cut_short_is_noticed(length: int) -> None:
    key, _ = VAULT.make(RESUME.bytes)

    with pytest.raises((InvalidTag, ValueError)):
        key.open(key.seal(b"Ada", PLACE)[:length], PLACE)


def test_nothing_is_sealed_the_same_way_twice() -> None:
    key, _ = VAULT.make(RESUME.bytes)

    sealed = [key.seal(b"Ada", PLACE) for _ in range(2_000)]

    assert len({one[:NONCE_BYTES] for one in sealed}) == len(sealed)
    assert not any(b"Ada" in one for one in sealed)


def test_every_stream_has_a_key_of_its_own() -> None:
    first, _ = VAULT.make(RESUME.bytes)
    second, _ = VAULT.make(RESUME.bytes)

    with pytest.raises(InvalidTag):
        second.open(first.seal(b"Ada", PLACE), PLACE)


def test_another_master_key_is_told_in_a_sentence_that_helps() -> None:
    _, wrapped = VAULT.make(RESUME.bytes)

    with pytest.raises(WrongMasterKey, match=r"restore the file master\.key or set REFOLIO_MAST"):
        STRANGER.unwrap(wrapped, RESUME.bytes)


def test_a_wrapped_key_opens_for_its_own_stream_only() -> None:
    _, wrapped = VAULT.make(RESUME.bytes)

    with pytest.raises(WrongMasterKey):
        VAULT.unwrap(wrapped, OTHER.bytes)


@pytest.mark.parametrize("text", ["", "abc", "zz" * 32, "ab" * 31, "ab" * 33])
def test_a_master_key_that_is_none_is_told(text: str) -> None:
    with pytest.raises(WrongMasterKey, match="master key"):
        Vault.from_hex(text)


def test_a_master_key_may_end_in_a_new_line() -> None:
    assert Vault.from_hex("ab" * 32 + "\n").key_id == Vault(b"\xab" * 32).key_id


def test_the_name_of_a_master_key_does_not_tell_it() -> None:
    assert VAULT.key_id != STRANGER.key_id
    assert len(VAULT.key_id) == 16


def test_a_key_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "master.key"

    made, found = Vault.in_file(path), Vault.in_file(path)

    assert made.key_id == found.key_id
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_nlink == 1
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]


def test_eight_processes_make_one_key_file(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE_KEY, tmp_path / "master.key"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(SRC)},
        )
        for _ in range(8)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b".")
        process.stdin.flush()

    said = [process.communicate()[0] for process in processes]

    assert [process.returncode for process in processes] == [0] * 8
    assert len(set(said)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]


def test_a_log_cannot_be_read_with_another_master_key(store: Store) -> None:
    store.streams.append(ready(), BY_ACME)
    store.vault = STRANGER

    with pytest.raises(WrongMasterKey):
        store.another().load(RESUME, fold, organization_id=ACME)


@pytest.mark.parametrize(
    "swap",
    MOVED,
    ids=["organization", "byte", "stream", "topic", "key"],
)
def test_what_was_moved_or_altered_in_the_database_cannot_be_read(store: Store, swap: str) -> None:
    store.streams.append(ready(), BY_ACME)
    store.streams.append(uploaded(OTHER, "bob.pdf"), BY_ACME)
    with store.connect() as connection:
        connection.execute(swap)

    with pytest.raises((InvalidTag, WrongMasterKey)):
        read_everything(store)


def read_everything(store: Store) -> None:
    found = store.log.events_at([(s, v) for s in (RESUME, OTHER) for v in range(1, 6)])
    assert len(found) == 8
    for stored in found:
        to_recorded(stored, store.vault)


def test_what_was_erased_reads_as_nothing() -> None:
    event = EXAMPLES["resume-parsed"]
    key, wrapped = VAULT.make(event.originator_id.bytes)
    stored = to_stored(Recorded(event, BY_ACME), key)

    def read(wrapped: bytes | None, vault: Vault | None) -> Recorded:
        return to_recorded(SealedEvent(**{**vars(stored), "wrapped": wrapped}), vault)

    assert read(wrapped, VAULT).event == event
    assert read(None, VAULT).event == event.without_personal()
    assert read(wrapped, None).event == event.without_personal()


def test_who_caused_an_event_comes_back_with_it() -> None:
    event = EXAMPLES["resume-deleted"]
    key, _ = VAULT.make(event.originator_id.bytes)
    origin = Origin(GLOBEX, "worker", None)

    assert to_recorded(to_stored(Recorded(event, origin), key), VAULT) == Recorded(event, origin)
