"""What a database tells: to whoever reads its tables, and to whoever holds the master key too."""

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from psycopg import Connection, sql

from api.adapters.event_mapper import place_of
from api.adapters.vault import Vault, WrongMasterKey

BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{16,}")

TABLES: Final = """
SELECT n.nspname, c.relname
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'm', 'p')
"""


def told_in_clear(connection: Connection[Any], words: Iterable[str]) -> dict[str, set[str]]:
    """Return the tables that tell any of *words*, statistics and catalogues included.

    A word is also found compressed, in base64, or in base64 of something compressed.
    """
    connection.execute("ANALYZE")
    told: dict[str, set[str]] = {}
    needles = {word: word.encode() for word in words}
    for schema, table in connection.execute(TABLES).fetchall():
        rows = connection.execute(
            sql.SQL("SELECT * FROM {}").format(sql.Identifier(schema, table))
        ).fetchall()
        haystack = b"\n".join(form for row in rows for value in row for form in forms_of(value))
        found = {word for word, needle in needles.items() if needle in haystack}
        if found:
            told[f"{schema}.{table}"] = found
    return told


def forms_of(value: object) -> Iterator[bytes]:
    """Yield a column's value as bytes, and whatever it can be unpacked to."""
    if value is None or isinstance(value, (bool, int, float)):
        return
    raw = bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
    yield raw
    yield from unpacked(raw)
    for match in BASE64.finditer(raw):
        text = match[0].translate(bytes.maketrans(b"-_", b"+/"))
        with suppress(binascii.Error):
            inner = base64.b64decode(text + b"=" * (-len(text) % 4))
            yield inner
            yield from unpacked(inner)


def unpacked(raw: bytes) -> Iterator[bytes]:
    for wbits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):  # zlib or gzip by its header, or bare
        with suppress(zlib.error):
            yield zlib.decompress(raw, wbits)


def told_with_the_key(connection: Connection[Any], vault: Vault, words: Iterable[str]) -> set[str]:
    """Return those of *words* that someone can read who holds the database and the master key."""
    keys = [
        vault.unwrap(wrapped, stream_id.bytes)
        for stream_id, wrapped in connection.execute("SELECT stream_id, wrapped FROM data_keys")
    ]
    content: list[bytes] = []
    for place, sealed in sealed_in(connection):
        for key in keys:
            with suppress(InvalidTag, WrongMasterKey):
                content.append(key.open(sealed, place))
    whole = b"\n".join(content)
    return {word for word in words if word.encode() in whole}


def sealed_in(connection: Connection[Any]) -> Iterator[tuple[bytes, bytes]]:
    """Yield every sealed content there is with the place it was sealed for."""
    for organization_id, stream_id, topic, version, sealed in connection.execute(
        "SELECT organization_id, originator_id, topic, originator_version, sealed"
        "  FROM events WHERE sealed IS NOT NULL"
    ):
        yield place_of(organization_id, stream_id, topic, version), sealed
    for cache_key, sealed in connection.execute("SELECT cache_key, sealed FROM documents"):
        yield cache_key, sealed
