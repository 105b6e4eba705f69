"""How far away the server is, what its clock says, and when to ask it."""

from __future__ import annotations

import math

_SAMPLES = 8


class TickTimes:
    """When ticks are due on the server's clock: at ``epoch + n × period``, with another epoch from a slip on."""

    def __init__(self, epoch: float, period_ms: float) -> None:
        self._period_ms = period_ms
        self._epochs: list[tuple[int, float]] = [(0, epoch)]

    def slipped(self, from_tick: int, epoch: float) -> None:
        self._epochs = [*self._epochs[-1:], (from_tick, epoch)]

    def due_at(self, tick: float) -> float:
        epoch = next(epoch for since, epoch in reversed(self._epochs) if tick >= since or since == self._epochs[0][0])
        return epoch + tick * self._period_ms

    def tick_at(self, server_ms: float) -> float:
        return (server_ms - self._epochs[-1][1]) / self._period_ms


class ServerClock:
    """Of the last eight answers the quickest waited least in queues: it alone counts."""

    def __init__(self, times: TickTimes) -> None:
        self._times = times
        self._answers: list[tuple[float, float]] = []

    def answered(self, sent_at: float, server_now: float, now: float) -> None:
        """A ping sent at `sent_at` is answered now; the server read `server_now` in between. All in milliseconds."""
        rtt = now - sent_at
        if rtt < 0:
            self._answers = []
            return
        self._answers = [*self._answers, (rtt, server_now - (sent_at + now) / 2)][-_SAMPLES:]

    @property
    def rtt_ms(self) -> float | None:
        """The lowest of late; None before the first answer."""
        return min(self._answers)[0] if self._answers else None

    @property
    def offset_ms(self) -> float | None:
        """What to add to our time to get the server's, if both ways take as long."""
        return min(self._answers)[1] if self._answers else None

    def tick_at(self, now: float) -> float | None:
        """The server's tick, with a fraction, at a time of ours that is about now."""
        return None if self.offset_ms is None else self._times.tick_at(now + self.offset_ms)


class PingSchedule:
    """Five times in the first second, then once a second, counted in ticks: so it needs no timer."""

    def __init__(self, tick_rate: float) -> None:
        self._second = math.ceil(tick_rate)
        self._fifth = math.ceil(self._second / 5)
        self._early = 5
        self._due_at = 0

    def is_due(self, tick: int) -> bool:
        if tick < self._due_at:
            return False
        self._early = max(0, self._early - 1)
        self._due_at = tick + (self._fifth if self._early > 0 else self._second)
        return True


class Acknowledgements:
    """Due with the first tick, then once so many have closed beyond what the server knows."""

    def __init__(self, every_ticks: int) -> None:
        self._every = max(1, every_ticks)
        self._known: float = -math.inf

    def is_due(self, tick: int) -> bool:
        return tick - self._known >= self._every

    def said(self, tick: float) -> None:
        self._known = max(self._known, math.floor(tick))

    def restart(self) -> None:
        """The server counts anew, after a resync."""
        self._known = -math.inf
