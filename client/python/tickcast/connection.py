"""Joins rooms over WebSockets, and returns to them where a connection is lost."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from typing import Any, Callable
from urllib.parse import urlsplit, urlunsplit

import websockets
from websockets.exceptions import ConnectionClosed, WebSocketException

from .codec import assert_sendable
from .errors import CLOSES, Close, ConnectError, FrameFault, GapFault, StayEnded, close_by_code
from .room import Room, now_ms
from .session import Session
from .tick_gate import ClosedTick

_log = logging.getLogger("tickcast")

#: A keyframe of a large room is large.
_MOST_BYTES = 64 * 2**20


class _Options:
    def __init__(self, reconnect_within: float, join_timeout: float, chance: Callable[[], float]) -> None:
        self.reconnect_within, self.join_timeout, self.chance = reconnect_within, join_timeout, chance


async def connect(
    url: str,
    join: Any = None,
    *,
    ticket: str | None = None,
    token: str | None = None,
    reconnect_within: float = 60.0,
    join_timeout: float = 10.0,
    chance: Callable[[], float] = random.random,
) -> Room:
    """Joins a room of any game: its definition comes from the server.

    `url` is ``ws://server/game`` or ``…/game/room-id``; ``http`` and ``https`` do as well, and the query holds the
    options of a room that is created. `join` is what the game asks for. `token` takes a seat again (`room.token`).
    A lost connection is tried again for `reconnect_within` seconds; 0: not at all.

    Returns when the first tick has closed. Nothing happens in the room until the code that awaits this had its turn, so
    callbacks that are added at once miss nothing. Raises ConnectError, whose `close` says why.

    >>> room = await connect("ws://127.0.0.1:3000/arena", {"name": "Ada"})
    >>> room.state.players.on_add(lambda ship: print(ship.name))
    """
    options = _Options(reconnect_within, join_timeout, chance)
    assert_sendable(join, "join")
    return await _Driver(_socket_url(url), options, join, ticket, token).join()


class _Driver:
    """Opens sockets for a session, one after the other, and carries bytes between them."""

    def __init__(self, url: str, options: _Options, join: Any, ticket: str | None, token: str | None) -> None:
        self._url, self._options = url, options
        self.session = Session(self.post, now_ms, join, ticket, token)
        self._room: Room | None = None
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        #: The tick behind which frames were missing last: the same gap twice is a fault.
        self._gap_after: int | None = None

    def post(self, data: bytes) -> None:
        self._outgoing.put_nowait(data)

    async def join(self) -> Room:
        loop = asyncio.get_running_loop()
        joined: asyncio.Future[Room] = loop.create_future()
        task = loop.create_task(self._run(joined))
        timer = loop.call_later(self._options.join_timeout, self._time_out, joined, task)
        try:
            return await joined
        except asyncio.CancelledError:
            task.cancel()
            raise
        finally:
            timer.cancel()

    def _time_out(self, joined: asyncio.Future[Room], task: asyncio.Task[None]) -> None:
        if joined.done():
            return
        detail = f"not joined within {self._options.join_timeout:g} s"
        joined.set_exception(ConnectError(self._url, CLOSES["abnormal"], detail))
        task.cancel()

    async def _run(self, joined: asyncio.Future[Room]) -> None:
        close, detail = await self._carry(self._url, joined)
        room = self._room
        if room is None:
            if not joined.done():
                joined.set_exception(ConnectError(self._url, close, detail))
            return
        while close.retry != "never" and self.session.token is not None and self._options.reconnect_within > 0:
            close = await self._return(room, close)
        room.end(close)

    async def _return(self, room: Room, close: Close) -> Close:
        """Tries again, with full jitter, until a tick has closed on a new connection and that was lost in turn; or
        until the time is up, which gives a close that is not tried again."""
        room.disconnected(close)
        url = _room_url(self._url, self.session.room_id)
        since, attempt = time.monotonic(), 0
        while True:
            bound = min(5.0, 0.25 * 2**attempt)
            delay = self._options.chance() * bound + (1.0 if close.retry == "later" else 0.0)
            if time.monotonic() + delay - since > self._options.reconnect_within:
                return Close(close.code, close.name, "never", close.sentence)
            await asyncio.sleep(delay)
            attempt += 1
            ticks = self.session.ticks_closed
            close, _detail = await self._carry(url, None)
            if close.retry == "never" or self.session.ticks_closed > ticks:
                return close

    async def _carry(self, url: str, joined: asyncio.Future[Room] | None) -> tuple[Close, str]:
        """One connection from its opening to its end, and why it ended."""
        timeout = self._options.join_timeout
        try:
            socket = await websockets.connect(
                url, max_size=_MOST_BYTES, compression=None, open_timeout=timeout, close_timeout=2
            )
        except (OSError, asyncio.TimeoutError, WebSocketException) as error:
            return CLOSES["abnormal"], str(error) or f"no connection within {timeout:g} s"
        self._outgoing = asyncio.Queue()
        writer = asyncio.create_task(self._write(socket, self._outgoing))
        try:
            self.session.opened()
            return await self._read(socket, joined)
        finally:
            self.session.lost()
            writer.cancel()
            await socket.close()

    async def _read(self, socket: Any, joined: asyncio.Future[Room] | None) -> tuple[Close, str]:
        try:
            # Until the first tick a connection has its time; after it pings notice a line that is dead.
            closed = await asyncio.wait_for(self._next_tick(socket), self._options.join_timeout)
            if self._room is not None:
                self._room.returned()
            elif joined is not None and not joined.done():
                self._room = Room(self.session, asyncio.current_task())
                joined.set_result(self._room)
                # Whoever awaits the room adds callbacks now.
                await asyncio.sleep(0)
            while True:
                self.session.complete(closed)
                closed = await self._next_tick(socket)
        except ConnectionClosed as ended:
            received = ended.rcvd
            return (CLOSES["abnormal"], "") if received is None else (close_by_code(received.code), received.reason)
        except asyncio.TimeoutError:
            return await _refuse(socket, CLOSES["abnormal"], "no tick closed in time")
        except GapFault as gap:
            # Frames that were dropped are made up for by a resync, on a new connection; the same gap twice is a fault.
            tick = self.session.tick if self.session.has_joined else None
            is_new = tick is not None and tick != self._gap_after
            self._gap_after = tick
            return await _refuse(socket, CLOSES["too-slow" if is_new else "bad-frame"], str(gap))
        except FrameFault as fault:
            return await _refuse(socket, CLOSES["bad-frame"], str(fault))
        except StayEnded as end:
            return await _refuse(socket, end.close, str(end))
        except Exception as error:
            # What a frame led to must not leave a half-changed mirror that looks alive.
            _log.exception("a frame could not be applied")
            return await _refuse(socket, CLOSES["bad-frame"], repr(error))

    async def _next_tick(self, socket: Any) -> ClosedTick:
        while True:
            data = await socket.recv()
            if not isinstance(data, bytes):
                raise FrameFault("a message is text")
            closed = self.session.receive(data)
            if closed is not None:
                return closed

    async def _write(self, socket: Any, outgoing: asyncio.Queue[bytes]) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await socket.send(await outgoing.get())


async def _refuse(socket: Any, close: Close, detail: str) -> tuple[Close, str]:
    # 1006 is never on the wire: it is what the other end sees of a line that broke.
    await socket.close(*(() if close.code == 1006 else (close.code, close.sentence)))
    return close, detail


_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}


def _socket_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.netloc:
        raise ValueError(f'"{url}" is no address of a room: write it like ws://127.0.0.1:3000/arena')
    return urlunsplit((_SCHEMES[parts.scheme], parts.netloc, parts.path, parts.query, ""))


def _room_url(found: str, room_id: str) -> str:
    """The address of one room, given the one by which it was found."""
    parts = urlsplit(found)
    path = parts.path.rstrip("/")
    if not path.endswith(f"/{room_id}"):
        path = f"{path}/{room_id}"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
