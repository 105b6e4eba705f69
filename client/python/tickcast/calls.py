"""Messages and requests: numbered for the life of a seat, kept until the server has processed them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Callable

from .codec import encode
from .definition import RequestLayout

#: Calls that the server has not processed yet, at most; beyond them a call is refused.
MAX_UNPROCESSED = 1024
#: So many go out in a period: the server lets 64 wait for a tick, and two periods can meet in one.
CALLS_A_PERIOD = 24


@dataclass(frozen=True)
class Reply:
    """How a request ended: `ok` with its `value`, or `error`: one that the game declares, "invalid", "internal",
    "timeout", "closed" or "lost"."""

    ok: bool
    value: Any = None
    error: str | None = None


def read_reply(request: RequestLayout | None, status: int, value: Any) -> Reply:
    if status == 0:
        return Reply(True, value)
    if status == 1:
        errors = request.errors if request is not None else ()
        known = isinstance(value, int) and 0 <= value < len(errors)
        return Reply(False, error=errors[value] if known else "internal")
    return Reply(False, error="invalid" if status == 3 else "internal")


class CallOutbox:
    """What arrived is never sent again, what did not is: both directions are exactly once."""

    def __init__(self, send: Callable[[bytes], None], now: Callable[[], float], period_ms: float) -> None:
        self._send, self._now, self._period_ms = send, now, period_ms
        self._unprocessed: list[tuple[int, bytes]] = []
        self._sent = 0
        self._sequence = 0
        self._online = True
        self._budget = CALLS_A_PERIOD
        self._budget_at = float("-inf")

    @property
    def is_empty(self) -> bool:
        """Whether everything went out on this connection."""
        return self._sent == len(self._unprocessed)

    def push(self, kind: int, index: int, payload: Any) -> int | None:
        """Takes a call, and sends it if it may go at once. Its sequence, or None where there are too many.

        Raises TypeError or OverflowError for a payload that cannot be sent."""
        data = encode([kind, self._sequence + 1, index, payload])
        if len(self._unprocessed) >= MAX_UNPROCESSED:
            return None
        self._sequence += 1
        self._unprocessed.append((self._sequence, data))
        self.flush()
        return self._sequence

    def flush(self) -> None:
        """Sends what waits, within what a period may send."""
        if not self._online:
            return
        now = self._now()
        if now - self._budget_at >= self._period_ms:
            self._budget, self._budget_at = CALLS_A_PERIOD, now
        while self._budget > 0 and not self.is_empty:
            self._budget -= 1
            self._sent += 1
            self._send(self._unprocessed[self._sent - 1][1])

    def processed(self, sequence: int) -> None:
        """The server has processed everything up to that number."""
        rest = [call for call in self._unprocessed if call[0] > sequence]
        self._sent = max(0, self._sent - (len(self._unprocessed) - len(rest)))
        self._unprocessed = rest

    def disconnected(self) -> None:
        self._online = False

    def reconnected(self, last_arrived: int) -> None:
        """On a new connection; what arrived on the old one is not sent again."""
        self._online = True
        self.processed(last_arrived)
        self._sent = 0
        self.flush()


class Requests:
    """Requests that wait for their reply. Each ends: by a reply, its timeout, or the end of the stay."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[RequestLayout, asyncio.Future[Reply]]] = {}

    async def wait(self, sequence: int, request: RequestLayout, timeout: float) -> Reply:
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[sequence] = (request, future)
        try:
            return await asyncio.wait_for(future, timeout)
        except asyncio.TimeoutError:
            return Reply(False, error="timeout")
        finally:
            self._waiting.pop(sequence, None)

    def reply(self, sequence: int, status: int, value: Any) -> None:
        """A reply to a request that timed out finds nobody."""
        request, future = self._waiting.get(sequence, (None, None))
        if future is not None and not future.done():
            future.set_result(read_reply(request, status, value))

    def close_all(self) -> None:
        for _request, future in self._waiting.values():
            if not future.done():
                future.set_result(Reply(False, error="closed"))
