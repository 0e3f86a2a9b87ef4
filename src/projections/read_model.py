"""What all read models share: a row is a pure function of the events of one stream.

`evolve` of a model moves one row by one fact, whether the fact is being appended or read back;
this file brings rows and tables together for it. No row holds personal content: a row points at
the version of the event that does.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, LiteralString, TypeVar, cast
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.rows import class_row
from psycopg.sql import SQL, Composed, Identifier

from events.recorded import Recorded

RowT = TypeVar("RowT")


@dataclass(frozen=True)
class ReadModel(Generic[RowT]):
    """One read model.

    `ddl` makes the table and `indexes` what goes on it. `row` is a frozen dataclass whose fields
    are the columns, the first one its UUID key. `key` names the row that a fact is about, None for
    a fact of no interest. `evolve` returns the row after the fact; None means that there is no
    such row (any more).
    """

    table: LiteralString
    ddl: LiteralString
    indexes: LiteralString
    row: type[RowT]
    key: Callable[[Recorded], UUID | None]
    evolve: Callable[[RowT | None, Recorded], RowT | None]

    def fold(
        self, rows: dict[UUID, RowT | None], facts: Iterable[Recorded]
    ) -> dict[UUID, RowT | None]:
        """Move *rows* by *facts*, in place, and return them."""
        for fact in facts:
            key = self.key(fact)
            if key is not None:
                rows[key] = self.evolve(rows.get(key), fact)
        return rows

    def project(self, cursor: Cursor[Any], facts: Sequence[Recorded]) -> None:
        """Move the rows that *facts* are about, inside the caller's transaction."""
        keys = {key for fact in facts if (key := self.key(fact)) is not None}
        if not keys:
            return
        opened = {self.key(fact) for fact in facts if fact.originator_version == 1}
        before = self._load(cursor.connection, [*(keys - opened)])
        after = self.fold(dict(before), facts)
        gone = [key for key, row in after.items() if row is None and before.get(key) is not None]
        moved = [
            astuple(cast("Any", row))
            for key, row in after.items()
            if row is not None and row != before.get(key)
        ]
        if gone:
            cursor.execute(self._delete, (gone,))
        for values in moved:
            cursor.execute(self._upsert, values)

    @cached_property
    def shape(self) -> str:
        """A digest of the table's definition: another one means rows must be built anew."""
        return hashlib.sha256(f"{self.ddl}{self.indexes}".encode()).hexdigest()[:16]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, the key first."""
        return tuple(field.name for field in fields(cast("Any", self.row)))

    def copy_into(
        self, connection: Connection[Any], rows: Iterable[RowT], *, schema: LiteralString
    ) -> None:
        """Write *rows* to the table of this name in *schema*, which holds none of them."""
        into = SQL("COPY {table} ({columns}) FROM STDIN").format(
            table=Identifier(schema, self.table), columns=_listed(self.columns)
        )
        values = attrgetter(*self.columns)
        with connection.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(values(row))

    def _load(self, connection: Connection[Any], keys: list[UUID]) -> dict[UUID, RowT | None]:
        if not keys:
            return {}
        with connection.cursor(row_factory=class_row(self.row)) as cursor:
            found = cursor.execute(self._select, (keys,)).fetchall()
        return {cast("Any", row).id: row for row in found}

    @cached_property
    def _select(self) -> Composed:
        return SQL("SELECT {columns} FROM {table} WHERE id = ANY(%s) FOR UPDATE").format(
            columns=_listed(self.columns), table=Identifier(self.table)
        )

    @cached_property
    def _delete(self) -> Composed:
        return SQL("DELETE FROM {table} WHERE id = ANY(%s)").format(table=Identifier(self.table))

    @cached_property
    def _upsert(self) -> Composed:
        changes = (
            SQL("{column} = excluded.{column}").format(column=Identifier(column))
            for column in self.columns[1:]
        )
        return SQL(
            "INSERT INTO {table} ({columns}) VALUES ({values})"
            " ON CONFLICT (id) DO UPDATE SET {changes}"
        ).format(
            table=Identifier(self.table),
            columns=_listed(self.columns),
            values=SQL(", ").join(SQL("%s") for _ in self.columns),
            changes=SQL(", ").join(changes),
        )


def _listed(columns: tuple[str, ...]) -> Composed:
    return SQL(", ").join(Identifier(column) for column in columns)
