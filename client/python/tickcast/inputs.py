"""Gathers a player's input between ticks, and says once a tick what is to be sent of it."""

from __future__ import annotations

import math
from typing import Any, Mapping

from .definition import InputLayout
from .frames import INPUT

#: An input that stands is repeated this often: well within the 250 ms of silence that make it neutral.
HEARTBEAT_MS = 150
#: An input is for no tick further ahead, whatever the network says.
MAX_LEAD_TICKS = 20
#: Presses that wait for a sample of their own; more count as one with the last.
MOST_KEPT = 20


def lead_ticks(rtt_ms: float | None, period_ms: float) -> int:
    """For how many ticks ahead an input is addressed, so that it is there before its tick."""
    return min(math.ceil((rtt_ms or 0) / period_ms), MAX_LEAD_TICKS)


class InputSampler:
    """A change is sent once and with the whole input; what is not neutral is repeated; a press is in one input."""

    def __init__(self, inputs: tuple[InputLayout, ...], tick_rate: float) -> None:
        self._inputs = inputs
        self._heartbeat_ticks = max(1, int(HEARTBEAT_MS * tick_rate // 1000))
        self._neutral = [one.codec.quantise(one.codec.initial()) for one in inputs]
        self._current = list(self._neutral)
        self._sent = list(self._neutral)
        self._sent_at = 0
        self._address = 0
        #: By input: presses of ticks without a sample.
        self._kept = [0] * len(inputs)
        #: The last tick passed without a sample, so that the lead shrinks.
        self._has_waited = False

    def set(self, values: Mapping[str, Any]) -> None:
        """Changes the named inputs, or none where one of them is wrong. Raises KeyError and TypeError."""
        changes: list[tuple[int, Any]] = []
        for name, value in values.items():
            place = next((place for place, one in enumerate(self._inputs) if one.name == name), None)
            if place is None:
                raise KeyError(f'the game has no input "{name}"')
            try:
                wire = self._inputs[place].codec.quantise(value)
            except TypeError as cause:
                raise TypeError(f'input "{name}": {cause}') from None
            if self._inputs[place].is_held or wire is True:
                changes.append((place, wire))
        for place, wire in changes:
            self._current[place] = wire

    def sample(self, at: int, address: int, view_tick: float) -> list[Any] | None:
        """The frame to send for a tick, if any. `at` counts heartbeats, `address` is the tick that the input is for
        where no later one had an input already, `view_tick` what the player saw. Where one had, every other tick passes
        without a sample: so inputs that are further ahead than they have to be come nearer."""
        self._has_waited = not self._has_waited and address <= self._address
        if self._has_waited:
            self._pass()
            return None
        values = list(self._current)
        for place, one in enumerate(self._inputs):
            if one.is_held:
                continue
            if not values[place] and self._kept[place] > 0:
                values[place] = True
                self._kept[place] -= 1
            self._current[place] = False
        is_due = at - self._sent_at >= self._heartbeat_ticks and values != self._neutral
        if values == self._sent and not is_due:
            return None
        # A press that was sent is over: the next one differs from it again.
        self._sent = list(self._current)
        self._sent_at = at
        self._address = max(address, self._address + 1)
        return [INPUT, self._address, view_tick, *values]

    def restart(self) -> None:
        """The room was restored: its ticks may be lower ones, and it knows no input. What was pressed still waits."""
        self._sent = list(self._neutral)
        self._sent_at = 0
        self._address = 0
        self._has_waited = False

    def _pass(self) -> None:
        """A tick passes without a sample. What was pressed in it has a later one to itself."""
        for place, one in enumerate(self._inputs):
            if not one.is_held and self._current[place]:
                self._current[place] = False
                self._kept[place] = min(self._kept[place] + 1, MOST_KEPT)
