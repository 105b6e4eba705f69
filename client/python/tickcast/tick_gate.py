"""Collects the frames of a tick until the one that closes it, and sees that nothing is missing before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .errors import FrameFault, GapFault
from .frames import ROOM_STREAM
from .replica import Replica


@dataclass(frozen=True)
class ClosedTick:
    """What a tick brought besides state."""

    tick: int
    #: ``[sequence, event, value, …]`` of all streams, in the order in which they happened.
    events: list[list[Any]]
    #: ``[sequence, status, value]``
    replies: list[list[Any]]
    #: ``[inputTick, appliedTick, …]``
    late: list[int]
    #: ``[fromTick, epoch]``, where the room slipped.
    slip: list[Any] | None


class TickGate:
    def __init__(self, replica: Replica, welcome_tick: int) -> None:
        self._replica = replica
        #: The last closed tick; before the first, the welcome's.
        self.tick = welcome_tick
        # The seat may be taken before or after the welcome's tick is published.
        self._next = welcome_tick
        self._latest = 0
        self._keyframes: dict[int, int] = {}
        self._events: list[list[Any]] = []
        self._replies: list[list[Any]] = []
        self._late: list[int] = []
        #: Ticks before a frame that this client was never sent.
        self.missed = 0

    def keyframe(self, tick: int, stream: int, rows: list[Any] | None, audience: int | None) -> None:
        # As of the last closed tick it is still right: it waits for the next to close.
        if tick < self._next - 1:
            raise FrameFault(f"a keyframe of tick {tick} came after its tick")
        self._latest = max(self._latest, tick)
        self._keyframes[stream] = tick
        self._replica.stage_keyframe(stream, rows or [], audience)

    def delta(
        self,
        tick: int,
        base: int,
        stream: int,
        rows: list[Any] | None,
        leaves: list[Any] | None,
        events: list[Any] | None,
        replies: list[Any] | None,
        late: list[int] | None,
        released: list[int] | None,
    ) -> None:
        self._admit(tick, base, stream)
        self._replica.stage_delta(stream, rows or [], leaves or [])
        self._events.extend(events or [])
        self._replies.extend(replies or [])
        self._late.extend(late or [])
        self._replica.stage_release(released or [])

    def close(
        self,
        tick: int,
        base: int,
        rows: list[Any] | None,
        leaves: list[Any] | None,
        events: list[Any] | None,
        slip: list[Any] | None,
    ) -> ClosedTick:
        """Stages the last frame of a tick. The replica is then to be closed."""
        self._admit(tick, base, ROOM_STREAM)
        if self._latest > tick:
            raise FrameFault(f"tick {tick} closed behind frames of tick {self._latest}")
        self._replica.stage_delta(ROOM_STREAM, rows or [], leaves or [])
        self._events.extend(events or [])
        try:
            # By sequence, which counts the events of a tick across its streams.
            self._events.sort(key=lambda event: event[0])
        except (TypeError, IndexError) as cause:
            raise FrameFault("an event has no sequence") from cause
        closed = ClosedTick(tick, self._events, self._replies, self._late, slip or None)
        self.tick, self._next = tick, tick + 1
        self._clear()
        return closed

    def resumed(self, first: int) -> None:
        """A resync follows, whose tick is the first of another timeline: it may be lower than those before."""
        self._next, self._latest = first, 0

    def discard(self) -> None:
        """Frames of a tick that did not close are forgotten: they come again."""
        self._replica.discard()
        self._latest = self.tick
        self._clear()

    def _clear(self) -> None:
        self._keyframes = {}
        self._events, self._replies, self._late = [], [], []

    def _admit(self, tick: int, base: int, stream: int) -> None:
        if tick < self._next:
            raise FrameFault(f"a frame of tick {tick} came after its tick")
        held = max(self.tick, self._keyframes.get(stream, 0))
        if base > held:
            self.missed += base - held
            raise GapFault(f"frames of stream {stream} are missing between ticks {held} and {base}")
        self._latest = max(self._latest, tick)
