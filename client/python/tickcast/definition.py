"""A game as its server describes it: everything that is needed to read and to play it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

from .errors import CLOSES, FrameFault, StayEnded
from .fields import FieldCodec, UnknownFieldType, field_codec


@dataclass(frozen=True)
class FieldLayout:
    name: str
    codec: FieldCodec


@dataclass(frozen=True)
class TableLayout:
    """A table or a record, with its fields by their place and which of them each audience gets."""

    index: int
    name: str
    #: A record is a table with the one row 1.
    is_record: bool
    #: Rows belong to players: each has one of their own.
    is_owned: bool
    fields: tuple[FieldLayout, ...]
    #: Bit i stands for field i; by "room", "sight", "owner" and "group".
    masks: Mapping[str, int]

    def names(self, mask: int) -> frozenset[str]:
        """The fields of a mask, by name."""
        return frozenset(field.name for bit, field in enumerate(self.fields) if mask >> bit & 1)


@dataclass(frozen=True)
class InputLayout:
    name: str
    #: Held inputs stand until they change, pressed ones act in one tick.
    is_held: bool
    codec: FieldCodec
    #: The field's type, as described.
    type: Mapping[str, Any]


@dataclass(frozen=True)
class EventLayout:
    name: str
    fields: tuple[FieldLayout, ...]


@dataclass(frozen=True)
class RequestLayout:
    name: str
    #: The errors that it declares, by the index that a reply names.
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Definition:
    """What the server's definition frame says, ready to work with."""

    name: str
    tick_rate: float
    tables: tuple[TableLayout, ...]
    inputs: tuple[InputLayout, ...]
    events: tuple[EventLayout, ...]
    messages: tuple[str, ...]
    requests: tuple[RequestLayout, ...]

    @property
    def period_ms(self) -> float:
        return 1000 / self.tick_rate

    def table(self, name: str) -> TableLayout | None:
        return next((table for table in self.tables if table.name == name), None)

    @property
    def owner_table(self) -> TableLayout | None:
        return next((table for table in self.tables if table.is_owned), None)


_AUDIENCES = ("room", "sight", "owner", "group")


def read_definition(description: Mapping[str, Any]) -> Definition:
    """Raises FrameFault for what is no description, StayEnded where a field has a type that this client does not know."""
    try:
        return Definition(
            name=description["name"],
            tick_rate=description["tickRate"],
            tables=tuple(_table(index, table) for index, table in enumerate(description["tables"])),
            inputs=tuple(
                InputLayout(one["name"], one["kind"] == "held", field_codec(one["field"]), one["field"])
                for one in description["inputs"]
            ),
            events=tuple(
                EventLayout(event["name"], tuple(_field(field) for field in event["fields"]))
                for event in description["events"]
            ),
            messages=tuple(description["messages"]),
            requests=tuple(RequestLayout(one["name"], tuple(one["errors"])) for one in description["requests"]),
        )
    except UnknownFieldType as cause:
        raise StayEnded(CLOSES["client-outdated"], str(cause)) from cause
    except (KeyError, TypeError) as cause:
        raise FrameFault(f"the server's definition cannot be read: {cause!r}") from cause


def _table(index: int, table: Mapping[str, Any]) -> TableLayout:
    fields = table["fields"]
    return TableLayout(
        index=index,
        name=table["name"],
        is_record=table["kind"] == "record",
        is_owned=table.get("owner") == "player",
        fields=tuple(_field(field) for field in fields),
        masks={
            audience: sum(1 << bit for bit, field in enumerate(fields) if field["visibleTo"] == audience)
            for audience in _AUDIENCES
        },
    )


def _field(field: Mapping[str, Any]) -> FieldLayout:
    return FieldLayout(field["name"], field_codec(field["field"]))
