"""What a game holds of its seat: the mirror to read, and what one does."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Callable, Mapping

from . import frames
from .calls import Reply
from .codec import assert_sendable
from .definition import Definition, RequestLayout
from .errors import CLOSES, Close
from .listeners import Listeners, Release
from .mirror import Row, State
from .session import Session

#: How long one who leaves waits for the server to close.
_LEAVE_DEADLINE_S = 2.0


class Room:
    """A player's place in a room: a live, read-only mirror of what is in sight, and what one does.

    Made by `connect`. Everything runs in the event loop that it was made in, callbacks too.
    """

    def __init__(self, session: Session, task: asyncio.Task[Any] | None) -> None:
        self._session, self._task = session, task
        self._on_connection = Listeners()
        self._close: Close | None = None
        self._ended: asyncio.Future[Close] = asyncio.get_running_loop().create_future()
        self._is_connected = True

    @property
    def id(self) -> str:
        """The last segment of the room's address."""
        return self._session.room_id

    @property
    def player_id(self) -> int:
        return self._session.player_id

    @property
    def definition(self) -> Definition:
        """The game as the server plays it."""
        assert self._session.definition is not None
        return self._session.definition

    @property
    def tick(self) -> int:
        """The last closed tick: `state` is as of then."""
        return self._session.tick

    @property
    def timeline(self) -> int | None:
        return self._session.timeline

    @property
    def state(self) -> State:
        """Tables and records by name: ``room.state.players``, ``room.state["players"]``."""
        return self._session.mirror.state

    @property
    def me(self) -> Row | None:
        """One's own row, in games that have such."""
        return self._session.mirror.own(self._session.row_id)

    @property
    def token(self) -> str | None:
        """Returns to this seat, also from another process: whoever has it is this player."""
        return self._session.token

    @property
    def close(self) -> Close | None:
        """Why the stay ended; None while it goes on."""
        return self._close

    @property
    def is_connected(self) -> bool:
        """False while a lost connection is tried again, and once the stay is over."""
        return self._is_connected and self._close is None

    @property
    def statistics(self) -> dict[str, float | None]:
        session = self._session
        return {
            "ticks_closed": session.ticks_closed,
            "ticks_missed": session.ticks_missed,
            "resyncs": session.resyncs,
            "pauses": session.pauses,
            "inputs_late": session.inputs_late,
            "input_margin_ms": session.input_margin_ms,
            "rtt_ms": session.clock.rtt_ms,
        }

    def server_tick(self) -> float | None:
        """The server's tick now, with a fraction, by its clock; None before the first ping was answered."""
        return self._session.clock.tick_at(now_ms())

    def on(self, event: str, listener: Callable[[Mapping[str, Any]], Any]) -> Release:
        """Told of an event's fields by name. Rows that the same tick removes can still be read in it."""
        return self._session.on_event(event).add(listener)

    def on_tick(self, listener: Callable[[int], Any]) -> Release:
        return self._session.on_tick.add(listener)

    def on_connection(self, listener: Callable[[str, Close | None], Any]) -> Release:
        """Told "reconnecting", "joined" and "closed", with the close that led to it."""
        return self._on_connection.add(listener)

    def on_lost(self, listener: Callable[[str, Any], Any]) -> Release:
        """Told what did not come through: "events" with the last tick of them, "message" with its name."""
        return self._session.on_lost.add(listener)

    def on_timeline(self, listener: Callable[[int], Any]) -> Release:
        """Told where the room was restored, maybe as it was before: the mirror is as it is now."""
        return self._session.on_timeline.add(listener)

    def input(self, **values: Any) -> None:
        """Changes the named inputs, at any time. They are sampled once a tick, for a tick ahead; presses (True) act in one.

        Raises KeyError for an input that the game does not have, TypeError for a value that it cannot hold."""
        self._session.set_input(**values)

    def send(self, message: str, payload: Any = None) -> None:
        """A message, processed exactly once while the seat is kept.

        Raises KeyError for one that the game does not have, TypeError for a payload that cannot be sent."""
        if message not in self.definition.messages:
            raise KeyError(f'the game has no message "{message}"')
        assert_sendable(payload, f'message "{message}"')
        if self._close is not None:
            return
        index = self.definition.messages.index(message)
        if self._session.call(frames.MESSAGE, index, payload) is None:
            self._session.on_lost.notify("message", message)

    async def request(self, request: str, payload: Any = None, timeout: float = 10.0) -> Reply:
        """A request; it always ends, by `timeout` seconds at the latest. Raises as `send` does."""
        found: tuple[int, RequestLayout] | None = next(
            ((index, one) for index, one in enumerate(self.definition.requests) if one.name == request), None
        )
        if found is None:
            raise KeyError(f'the game has no request "{request}"')
        assert_sendable(payload, f'request "{request}"')
        if self._close is not None:
            return Reply(False, error="closed")
        index, layout = found
        sequence = self._session.call(frames.REQUEST, index, payload)
        if sequence is None:
            return Reply(False, error="lost")
        return await self._session.requests.wait(sequence, layout, timeout)

    async def leave(self) -> Close:
        """Leaves for good; returns when the connection is closed."""
        if self._close is None and self._task is not None:
            if self._is_connected:
                self._session.leave()
                await asyncio.wait({self._ended}, timeout=_LEAVE_DEADLINE_S)
            if self._close is None:
                self._task.cancel()
                await asyncio.wait({self._task})
                self.end(CLOSES["left"])
        return await self.closed()

    async def closed(self) -> Close:
        """Waits for the end of the stay, and says why it ended."""
        return await asyncio.shield(self._ended)

    async def __aenter__(self) -> Room:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.leave()

    # What follows is for whoever carries the session's bytes.

    def disconnected(self, close: Close) -> None:
        """The connection is lost, and tried again."""
        self._is_connected = False
        self._on_connection.notify("reconnecting", close)

    def returned(self) -> None:
        """The first tick on a new connection is there."""
        self._is_connected = True
        self._on_connection.notify("joined", None)

    def end(self, close: Close) -> None:
        """The stay is over. What the mirror holds stays readable."""
        if self._close is not None:
            return
        self._close = close
        self._session.lost()
        self._session.requests.close_all()
        if not self._ended.done():
            self._ended.set_result(close)
        self._on_connection.notify("closed", close)


def now_ms() -> float:
    """A clock that never goes back, in milliseconds."""
    return time.monotonic() * 1000
