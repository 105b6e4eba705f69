"""The state in sight as a game reads it: tables of rows and records, with names and restored values."""

from __future__ import annotations

from typing import Any, Callable, Iterator, Mapping

from .definition import Definition, TableLayout
from .fields import RowLookup
from .listeners import Listeners, Release, call
from .replica import Replica, ReplicaRow, TickChanges


class Row:
    """A row, read-only and the same object for as long as it is seen: ``row.id``, ``row.x``, ``row["x"]``.

    Fields that are out of sight read None; so do references to rows that are not seen.
    """

    __slots__ = ("_id", "_layout", "_values", "_lookup")

    def __init__(self, identity: int, layout: TableLayout, values: dict[int, Any], lookup: RowLookup) -> None:
        self._id, self._layout, self._values, self._lookup = identity, layout, values, lookup

    @property
    def id(self) -> int:
        return self._id

    def __getitem__(self, name: str) -> Any:
        for place, field in enumerate(self._layout.fields):
            if field.name == name:
                wire = self._values.get(place, _UNSEEN)
                return None if wire is _UNSEEN else field.codec.restore(wire, self._lookup)
        raise KeyError(f'"{self._layout.name}" has no field "{name}"')

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as cause:
            raise AttributeError(str(cause)) from None

    def sees(self, name: str) -> bool:
        """Whether the field is in sight: None may be its value, too."""
        return any(field.name == name and place in self._values for place, field in enumerate(self._layout.fields))

    def as_dict(self) -> dict[str, Any]:
        """The fields in sight, by name."""
        return {field.name: self[field.name] for field in self._layout.fields if self.sees(field.name)}

    def __repr__(self) -> str:
        return f"<{self._layout.name} {self._id}>"


_UNSEEN = object()

RowListener = Callable[[Row], Any]
ChangeListener = Callable[[Row, "frozenset[str]"], Any]


class Table:
    """The rows of one table in sight: iterate it, ``table.get(id)``, ``len(table)``."""

    def __init__(self, layout: TableLayout) -> None:
        self.layout = layout
        self._rows: dict[int, Row] = {}
        #: Gone, but not told yet: references still lead here.
        self._leaving: dict[int, Row] = {}
        self._unannounced: dict[int, Row] = {}
        self.added, self.changed, self.left_sight, self.removed = Listeners(), Listeners(), Listeners(), Listeners()

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(list(self._rows.values()))

    def get(self, identity: int) -> Row | None:
        return self._rows.get(identity)

    def on_add(self, listener: RowListener) -> Release:
        """Told of each row once, those that are there already included."""
        for row in self:
            if row.id not in self._unannounced:
                call(listener, row)
        return self.added.add(listener)

    def on_change(self, listener: ChangeListener) -> Release:
        """Told of the row, and of the names of the fields that changed."""
        return self.changed.add(listener)

    def on_leave_sight(self, listener: RowListener) -> Release:
        """Told of rows that went out of sight, with their last values. They may exist still."""
        return self.left_sight.add(listener)

    def on_remove(self, listener: RowListener) -> Release:
        """Told of rows that are gone for good, with their last values."""
        return self.removed.add(listener)

    def resolve(self, identity: int) -> Row | None:
        return self._rows.get(identity) or self._leaving.get(identity)


class Record:
    """The one row of a record: ``record.wind``. It is there from the first tick to the last."""

    def __init__(self, layout: TableLayout, lookup: RowLookup) -> None:
        self.layout = layout
        initial = {place: field.codec.quantise(field.codec.initial()) for place, field in enumerate(layout.fields)}
        self._row = Row(1, layout, initial, lookup)
        self.changed = Listeners()

    def on_change(self, listener: ChangeListener) -> Release:
        return self.changed.add(listener)

    @property
    def row(self) -> Row:
        return self._row

    def as_dict(self) -> dict[str, Any]:
        return self._row.as_dict()

    def __getitem__(self, name: str) -> Any:
        return self._row[name]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


class State(Mapping[str, "Table | Record"]):
    """Tables and records by name: ``state["players"]``, ``state.players``."""

    def __init__(self, parts: Mapping[str, Table | Record]) -> None:
        self._parts = parts

    def __getitem__(self, name: str) -> Table | Record:
        return self._parts[name]

    def __getattr__(self, name: str) -> Any:
        try:
            return self._parts[name]
        except KeyError:
            raise AttributeError(f'the game has no table or record "{name}"') from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


class Mirror:
    """Takes closed ticks over in steps, so that listeners meet the whole tick: additions, changes, (events,) removals."""

    def __init__(self, definition: Definition, replica: Replica) -> None:
        self._definition, self._replica = definition, replica
        self._tables = {table.name: Table(table) for table in definition.tables if not table.is_record}
        self._records = {table.name: Record(table, self.lookup) for table in definition.tables if table.is_record}
        parts: dict[str, Table | Record] = {}
        for table in definition.tables:
            parts[table.name] = self._records[table.name] if table.is_record else self._tables[table.name]
        self.state = State(parts)

    def lookup(self, table: str, identity: int) -> Row | None:
        held = self._tables.get(table)
        return None if held is None else held.resolve(identity)

    def own(self, identity: int) -> Row | None:
        table = self._definition.owner_table
        return None if table is None or identity == 0 else self._tables[table.name].get(identity)

    def replace(self, replica: Replica) -> None:
        """Another timeline: every row that was held is told as removed, and what comes next is told anew."""
        self._replica = replica
        for table in self._tables.values():
            rows, table._rows, table._unannounced = table._rows, {}, {}
            for row in rows.values():
                table.removed.notify(row)

    def apply(self) -> TickChanges:
        """Takes over what is staged, then tells of additions and changes. Rows that left stay until `sweep`."""
        changes = self._replica.close()
        for held in changes.entered:
            if held.table.is_record:
                self._records[held.table.name].row._values = held.values
                continue
            table = self._tables[held.table.name]
            table._rows[held.id] = table._unannounced[held.id] = Row(held.id, held.table, held.values, self.lookup)
        for table in self._tables.values():
            for row in list(table._unannounced.values()):
                # First, so that one who begins to listen now hears of it by the replay, and once.
                table._unannounced.pop(row.id, None)
                table.added.notify(row)
        for held, mask in changes.changed:
            self._tell_change(held, mask)
        return changes

    def _tell_change(self, held: ReplicaRow, mask: int) -> None:
        names = held.table.names(mask)
        if held.table.is_record:
            record = self._records[held.table.name]
            record.changed.notify(record.row, names)
            return
        table = self._tables[held.table.name]
        row = table.get(held.id)
        if row is not None:
            table.changed.notify(row, names)

    def sweep(self, changes: TickChanges) -> None:
        """Drops the rows that left in this tick, and tells of them."""
        self._replica.sweep(changes)
        faded: list[tuple[Row, dict[int, Any]]] = []
        for held, before, _mask in changes.faded:
            row = self._tables[held.table.name].get(held.id) if not held.table.is_record else None
            if row is not None:
                # As they were, while this is told.
                row._values = before
                faded.append((row, held.values))
        for held in changes.left:
            table = self._tables.get(held.table.name)
            row = table._rows.pop(held.id, None) if table is not None else None
            if table is not None and row is not None:
                table._leaving[held.id] = row
        for row, _values in faded:
            self._tables[row._layout.name].left_sight.notify(row)
        for held in changes.left:
            table = self._tables.get(held.table.name)
            row = table._leaving.get(held.id) if table is not None else None
            if table is not None and row is not None:
                (table.removed if held.removed else table.left_sight).notify(row)
        for row, values in faded:
            row._values = values
        for table in self._tables.values():
            table._leaving = {}
