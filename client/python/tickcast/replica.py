"""The quantised state in sight: frames are staged as they arrive and applied when the tick closes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterable, Iterator

from .definition import Definition, TableLayout
from .errors import FrameFault
from .frames import AUDIENCE_GROUP, LEFT_FOR_GOOD, ROOM_STREAM


@dataclass(eq=False)
class ReplicaRow:
    """A row in wire form; a field that is not in `values` is not seen."""

    id: int
    table: TableLayout
    values: dict[int, Any] = field(default_factory=dict)
    streams: set[int] = field(default_factory=set)
    #: A stream said that it is gone for good, not to where this client does not look.
    removed: bool = False
    #: Fields that the tick being closed changed.
    changed: int = 0
    #: Whether it was there when the tick began to close.
    known: bool = False


@dataclass
class TickChanges:
    """What a closed tick did, row by row."""

    entered: list[ReplicaRow] = field(default_factory=list)
    changed: list[tuple[ReplicaRow, int]] = field(default_factory=list)
    #: No followed stream has it any more.
    left: list[ReplicaRow] = field(default_factory=list)
    #: Out of sight, though other streams still tell of it: with the values as they were, and those fields.
    faded: list[tuple[ReplicaRow, dict[int, Any], int]] = field(default_factory=list)


@dataclass(frozen=True)
class _Staged:
    stream: int
    rows: list[Any]
    leaves: list[Any]
    is_keyframe: bool
    audience: int | None = None


class Replica:
    """A whole tick is applied or nothing of it. `close` applies it, `sweep` drops what left once all was told."""

    def __init__(self, definition: Definition, own_stream: int) -> None:
        self.definition = definition
        self._own = own_stream
        self._tables: list[dict[int, ReplicaRow]] = [{} for _ in definition.tables]
        self._held: set[int] = set()
        #: Followed streams that are groups', as their keyframes said.
        self._groups: set[int] = set()
        self._staged: list[_Staged] = []
        self._resetting = False
        self._releasing: set[int] = set()
        self._touched: list[ReplicaRow] = []
        self._orphans: list[ReplicaRow] = []
        self._fading: dict[ReplicaRow, None] = {}
        self._left_group: dict[ReplicaRow, None] = {}

    def rows(self, table: TableLayout) -> dict[int, ReplicaRow]:
        return self._tables[table.index]

    def audience_of(self, stream: int) -> str:
        """Whom a stream is for: it says which fields are lost with it."""
        if stream == ROOM_STREAM:
            return "room"
        if stream == self._own:
            return "owner"
        return "group" if stream in self._groups else "sight"

    def stage_keyframe(self, stream: int, rows: list[Any], audience: int | None) -> None:
        self._staged.append(_Staged(stream, rows, [], True, audience))

    def stage_delta(self, stream: int, rows: list[Any], leaves: list[Any]) -> None:
        self._staged.append(_Staged(stream, rows, leaves, False))

    def stage_release(self, streams: Iterable[int]) -> None:
        """Streams that are followed no more once the tick has closed. What they still say does not show, but for who
        is gone for good: what came into a cell as it was let go never was in sight."""
        self._releasing.update(streams)

    def stage_reset(self) -> None:
        """Whatever has no keyframe in the tick being staged is followed no more."""
        self._resetting = True

    def discard(self) -> None:
        """Forgets what was staged for a tick that will not close."""
        self._staged = []
        self._releasing = set()
        self._resetting = False

    def close(self) -> TickChanges:
        """Applies what is staged, in order of arrival. Raises FrameFault; the mirror is not to be trusted then."""
        staged, self._staged = self._staged, []
        if self._resetting:
            renewed = {part.stream for part in staged if part.is_keyframe}
            self._releasing.update(self._held - renewed)
            self._resetting = False
        for part in staged:
            if part.is_keyframe:
                self._begin(part.stream, part.audience)
            self._held.add(part.stream)
            if part.stream not in self._releasing:
                self._apply_rows(part.stream, part.rows)
            self._apply_leaves(part.stream, part.leaves)
        for stream in self._releasing:
            self._release_stream(stream, for_good=False)
            self._groups.discard(stream)
        self._releasing = set()
        self._forget_groups()
        changes = TickChanges()
        touched, self._touched = self._touched, []
        for row in touched:
            changed, known = row.changed, row.known
            row.changed, row.known = 0, True
            if not known:
                changes.entered.append(row)
            elif changed:
                changes.changed.append((row, changed))
        return changes

    def sweep(self, changes: TickChanges) -> None:
        """Ends the tick: drops the rows that no followed stream has, and the fields that went out of sight."""
        orphans, self._orphans = self._orphans, []
        for row in orphans:
            if not row.streams and self._tables[row.table.index].pop(row.id, None) is not None:
                changes.left.append(row)
        fading, self._fading = self._fading, {}
        for row in fading:
            if not row.streams or self._is_seen_by("sight", row):
                continue
            mask = row.table.masks["sight"]
            changes.faded.append((row, dict(row.values), mask))
            _forget(row, mask)

    def _begin(self, stream: int, audience: int | None) -> None:
        """A keyframe says the whole stream: what it does not name is no longer in it. What the room's or one's own
        does not name is gone for good; a cell or a group may have lost it to another."""
        self._release_stream(stream, for_good=self.audience_of(stream) in ("room", "owner"))
        if audience == AUDIENCE_GROUP:
            self._groups.add(stream)
        else:
            self._groups.discard(stream)

    def _release_stream(self, stream: int, for_good: bool) -> None:
        if stream not in self._held:
            return
        self._held.remove(stream)
        for table in self._tables:
            for row in table.values():
                if self._release(row, stream) and for_good:
                    row.removed = True

    def _release(self, row: ReplicaRow, stream: int) -> bool:
        if stream not in row.streams:
            return False
        row.streams.remove(stream)
        if not row.streams:
            self._orphans.append(row)
        # Also where no stream has it now: another may, before the tick has closed.
        audience = self.audience_of(stream)
        if audience == "sight":
            self._fading[row] = None
        elif audience == "group":
            self._left_group[row] = None
        return True

    def _is_seen_by(self, audience: str, row: ReplicaRow) -> bool:
        return any(self.audience_of(stream) == audience for stream in row.streams)

    def _forget_groups(self) -> None:
        """Of rows that are in no followed group any more, though other streams tell of them: a change as any."""
        for row in self._left_group:
            if not row.streams or self._is_seen_by("group", row):
                continue
            self._touch(row)
            row.changed |= _forget(row, row.table.masks["group"])
        self._left_group = {}

    def _touch(self, row: ReplicaRow) -> None:
        if row.known and row.changed == 0:
            self._touched.append(row)

    def _apply_rows(self, stream: int, parts: list[Any]) -> None:
        for index, flat in zip(parts[::2], parts[1::2]):
            if not isinstance(index, int) or not 0 <= index < len(self._tables) or not isinstance(flat, list):
                raise FrameFault(f"there is no table {index!r}")
            self._apply_table(stream, self.definition.tables[index], iter(flat))

    def _apply_table(self, stream: int, table: TableLayout, flat: Iterator[Any]) -> None:
        rows = self._tables[table.index]
        for identity in flat:
            header = _next(flat, table, identity)
            row = rows.get(identity)
            if header & 1:
                if row is None:
                    row = rows[identity] = ReplicaRow(identity, table)
                    self._touched.append(row)
                row.streams.add(stream)
                row.removed = False
            elif row is None:
                raise FrameFault(f'row {identity} of "{table.name}" changed, but never entered')
            self._touch(row)
            rest, place = header >> 1, 0
            while rest:
                if rest & 1:
                    wire = _next(flat, table, identity)
                    # A keyframe and a delta since an older tick repeat what is held already: that is no change.
                    if place not in row.values or row.values[place] != wire:
                        row.values[place] = wire
                        row.changed |= 1 << place
                rest, place = rest >> 1, place + 1

    def _apply_leaves(self, stream: int, leaves: list[Any]) -> None:
        for index, identity, to in zip(leaves[::3], leaves[1::3], leaves[2::3]):
            row = self._tables[index].get(identity) if 0 <= index < len(self._tables) else None
            # One who entered the stream in this very tick got a keyframe without the row.
            if row is None:
                continue
            if to == LEFT_FOR_GOOD:
                row.removed = True
            self._release(row, stream)


def _next(flat: Iterator[Any], table: TableLayout, identity: Any) -> Any:
    for value in flat:
        return value
    raise FrameFault(f'row {identity} of "{table.name}" is cut short')


def _forget(row: ReplicaRow, mask: int) -> int:
    """Fields are unknown from now on; the mask of those that were known."""
    lost = 0
    for place in [place for place in row.values if mask >> place & 1]:
        del row.values[place]
        lost |= 1 << place
    return lost
