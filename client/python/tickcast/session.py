"""A client's stay, without a network: bytes in, bytes out. The connections come and go around it (connection.py)."""

from __future__ import annotations

from typing import Any, Callable

from . import frames
from .calls import CallOutbox, Requests
from .clock import Acknowledgements, PingSchedule, ServerClock, TickTimes
from .codec import encode
from .definition import Definition, EventLayout, read_definition
from .errors import CLOSES, FrameFault, StayEnded
from .inputs import InputSampler, lead_ticks
from .listeners import Listeners
from .mirror import Mirror
from .replica import Replica
from .tick_gate import ClosedTick, TickGate


class Session:
    """Greets, reads the game from the server's definition, mirrors ticks and answers. It knows no sockets and no timers:
    `send` gets the bytes to send, `now` tells milliseconds of a clock that never goes back.

    Faults are raised from `receive`: GapFault where a resync on a new connection mends it, FrameFault where the server
    said what cannot be, StayEnded where it is another game now.
    """

    def __init__(
        self,
        send: Callable[[bytes], None],
        now: Callable[[], float],
        join: Any = None,
        ticket: str | None = None,
        token: str | None = None,
    ) -> None:
        self._send_bytes, self._now = send, now
        self._join, self._ticket, self._given_token = join, ticket, token
        #: Of the game as the server plays it; empty: it is asked for.
        self._hash = ""
        self._attempt = 0
        #: What is waited for: "greeting", "welcome", "resumed" or "ticks".
        self._awaits = "greeting"
        self.definition: Definition | None = None
        #: From the welcome on.
        self.mirror: Mirror
        self._calls: CallOutbox
        self.room_id, self.player_id, self.row_id = "", 0, 0
        self.timeline: int | None = None
        self.token: str | None = None
        self.on_tick, self.on_lost, self.on_timeline = Listeners(), Listeners(), Listeners()
        self._on_event: dict[str, Listeners] = {}
        self.requests = Requests()
        self.has_joined = False
        self.ticks_closed, self.resyncs, self.pauses, self.inputs_late = 0, 0, 0, 0
        self.input_margin_ms: float | None = None
        self._is_mute = True
        self._is_leaving = False
        self._lost_up_to = 0
        #: As the last resync said: ``[timeline, kept, epoch, clock]`` of the tick that closes next, where it is another.
        self._next_timeline: list[Any] | None = None
        self._is_restored = False

    # -- connections

    def opened(self) -> None:
        """A connection is open: the hello goes out."""
        self._is_mute = False
        self._attempt += 1
        self._awaits = "resumed" if self.has_joined else "greeting"
        self._greet()

    def lost(self) -> None:
        """The connection ended. What had not closed is forgotten: it comes again."""
        self._is_mute = True
        if self.has_joined:
            self._gate.discard()
            self._calls.disconnected()

    def _greet(self) -> None:
        hello: list[Any] = [frames.HELLO, frames.PROTOCOL_VERSION, self._hash]
        if self.has_joined:
            # Left out for 0: a room that was never restored.
            timeline = [self.timeline] if self.timeline else []
            self._send([*hello, None, None, self.token, self.tick, self._attempt, *timeline])
        elif self._given_token is not None:
            self._send([*hello, None, None, self._given_token])
        elif self._ticket is not None:
            self._send([*hello, self._join, self._ticket])
        else:
            self._send([*hello, self._join])

    # -- frames

    def receive(self, data: bytes) -> ClosedTick | None:
        """Takes one message. A tick that closed is returned: its additions and changes are told, `complete` is to
        follow for the rest of it."""
        frame = frames.read_server_frame(data)
        if frame is None:
            return None
        kind, parts = frame
        if kind == frames.DEFINITION:
            self._define(*parts)
        elif kind == frames.WELCOME:
            self._welcome(*parts)
        elif kind == frames.RESUMED:
            self._resumed(*parts)
        elif self._awaits != "ticks":
            raise FrameFault("a frame of the game before the welcome")
        elif kind == frames.KEYFRAME:
            self._gate.keyframe(*parts)
        elif kind == frames.DELTA:
            self._gate.delta(*parts)
        elif kind == frames.TICK_END:
            return self._close_tick(*parts)
        elif kind == frames.PAUSE:
            self._pause(*parts)
        else:
            self._pong(*parts)
        return None

    def _define(self, protocol: int, hash_: str, description: dict[str, Any]) -> None:
        if self._awaits == "resumed":
            raise StayEnded(CLOSES["client-outdated"], "the server plays another version of the game now")
        if self._awaits != "greeting":
            raise FrameFault("a definition that nobody asked for")
        if protocol != frames.PROTOCOL_VERSION:
            raise StayEnded(CLOSES["protocol-version"], f"the server speaks version {protocol}")
        self.definition = read_definition(description)
        self._hash = hash_
        self._awaits = "welcome"
        self._greet()

    def _welcome(
        self,
        timeline: int,
        tick: int,
        epoch: float,
        _clock: str | None,
        player: int,
        row: int,
        own_stream: int,
        room: str,
        token: str | None,
    ) -> None:
        # One who returns is welcomed anew where the room was restored: it is on another timeline then.
        is_restored = self.has_joined and timeline != self.timeline and self._awaits in ("resumed", "ticks")
        if self.definition is None or not (self._awaits == "welcome" or is_restored):
            raise FrameFault("a welcome that nobody asked for")
        definition = self.definition
        self.timeline, self.room_id, self.player_id, self.row_id, self.token = timeline, room, player, row, token
        self._replica = Replica(definition, own_stream)
        self._gate = TickGate(self._replica, tick)
        self._times = TickTimes(epoch, definition.period_ms)
        self.clock = ServerClock(self._times)
        self._acks = Acknowledgements(int(frames.ACK_INTERVAL_MS * definition.tick_rate // 1000))
        self._pings = PingSchedule(definition.tick_rate)
        self._inputs = InputSampler(definition.inputs, definition.tick_rate)
        if is_restored:
            self.mirror.replace(self._replica)
            self._calls.reconnected(0)
            self.on_timeline.notify(timeline)
        else:
            self.mirror = Mirror(definition, self._replica)
            self._calls = CallOutbox(self._deliver, self._now, definition.period_ms)
        self._awaits = "ticks"
        self._ping_where_due(tick)

    def _resumed(self, tick: int, base: int, sequence: int, lost: int, timeline: list[Any] | None) -> None:
        if not self.has_joined:
            raise FrameFault("a resync that nobody asked for")
        if base not in (0, self.tick):
            raise FrameFault(f"resumed from tick {base}, not {self.tick}")
        if base == 0:
            self._replica.stage_reset()
        self._lost_up_to = lost
        self._next_timeline = timeline
        if timeline is not None:
            self._gate.resumed(tick)
        self.resyncs += 1
        self._acks.restart()
        if self._awaits == "resumed":
            self._awaits = "ticks"
            self._calls.reconnected(sequence)

    def _pause(self, tick: int) -> None:
        """The server saw too few acknowledgements: it goes on once everything so far is applied here."""
        if tick != self.tick:
            raise FrameFault(f"paused at tick {tick} instead of {self.tick}")
        self.pauses += 1
        self._send([frames.READY, tick])

    def _pong(self, stamp: float, now: float, sequence: int | None, margin: float | None) -> None:
        self.clock.answered(stamp, now, self._now())
        if margin is not None:
            self.input_margin_ms = margin
        if sequence is not None:
            self._calls.processed(sequence)

    def _close_tick(self, *parts: Any) -> ClosedTick:
        closed = self._gate.close(*parts)
        if self._next_timeline is not None:
            self._begin_anew(*self._next_timeline[:3])
        for event in closed.events:
            self._event_of(event)
        if closed.slip is not None:
            self._times.slipped(*closed.slip[:2])
        self.inputs_late += len(closed.late) // 2
        self.ticks_closed += 1
        self.has_joined = True
        self._changes = self.mirror.apply()
        return closed

    def _begin_anew(self, timeline: int, _kept: int | None, epoch: float) -> None:
        """The room was restored: its ticks, which may be lower than before, its time and its inputs begin anew."""
        assert self.definition is not None
        self._next_timeline, self._is_restored = None, True
        self.timeline = int(timeline)
        self._times = TickTimes(epoch, self.definition.period_ms)
        self.clock = ServerClock(self._times)
        self._pings = PingSchedule(self.definition.tick_rate)
        self._inputs.restart()

    def complete(self, closed: ClosedTick) -> None:
        """The rest of a tick: events, while what leaves can still be read, replies, removals, the input."""
        if self._is_restored:
            self._is_restored = False
            self.on_timeline.notify(self.timeline)
        if self._lost_up_to > 0:
            self.on_lost.notify("events", self._lost_up_to)
        self._lost_up_to = 0
        for part in closed.events:
            event = self._event_of(part)
            listeners = self._on_event.get(event.name)
            if listeners is not None:
                listeners.notify(self._read_event(event, part))
        for reply in closed.replies:
            sequence, status, *value = reply
            self.requests.reply(sequence, status, value[0] if value else None)
        self.mirror.sweep(self._changes)
        self.on_tick.notify(closed.tick)
        self._sample_input(closed.tick)
        if self._acks.is_due(closed.tick):
            self._acks.said(closed.tick)
            self._send([frames.ACK, closed.tick])
        self._calls.flush()
        self._ping_where_due(closed.tick)
        if self._is_leaving:
            self.leave()

    def _event_of(self, part: Any) -> EventLayout:
        assert self.definition is not None
        events = self.definition.events
        index = part[1] if isinstance(part, list) and len(part) > 1 else None
        if not isinstance(index, int) or not 0 <= index < len(events):
            raise FrameFault(f"there is no event {index!r}")
        return events[index]

    def _read_event(self, event: EventLayout, part: list[Any]) -> dict[str, Any]:
        """Rows are looked up now, while those that leave with this tick can still be found."""
        values = zip(event.fields, part[2:])
        return {field.name: field.codec.restore(wire, self.mirror.lookup) for field, wire in values}

    # -- the player

    @property
    def tick(self) -> int:
        """The last closed tick."""
        return self._gate.tick

    @property
    def ticks_missed(self) -> int:
        return self._gate.missed

    @property
    def replica(self) -> Replica:
        return self._replica

    def on_event(self, name: str) -> Listeners:
        """Raises KeyError for an event that the game does not have."""
        assert self.definition is not None
        if all(event.name != name for event in self.definition.events):
            raise KeyError(f'the game has no event "{name}"')
        return self._on_event.setdefault(name, Listeners())

    def set_input(self, **values: Any) -> None:
        self._inputs.set(values)

    def call(self, kind: int, index: int, payload: Any) -> int | None:
        """A message or a request; None where it cannot be kept, or where the player has said goodbye."""
        return None if self._is_leaving else self._calls.push(kind, index, payload)

    def leave(self) -> bool:
        """Says goodbye behind everything that was sent before; True once it went out."""
        self._is_leaving = True
        if self._is_mute or not self._calls.is_empty:
            return False
        self._send([frames.LEAVE])
        self._is_mute = True
        return True

    # -- sending

    def _sample_input(self, tick: int) -> None:
        assert self.definition is not None
        address = tick + 1 + lead_ticks(self.clock.rtt_ms, self.definition.period_ms)
        frame = self._inputs.sample(tick, address, tick)
        if frame is not None:
            self._send(frame)
            self._acks.said(tick)

    def _ping_where_due(self, tick: int) -> None:
        if self._pings.is_due(tick):
            self._send([frames.PING, self._now()])

    def _send(self, frame: list[Any]) -> None:
        if not self._is_mute:
            self._send_bytes(encode(frame))

    def _deliver(self, data: bytes) -> None:
        if not self._is_mute:
            self._send_bytes(data)
