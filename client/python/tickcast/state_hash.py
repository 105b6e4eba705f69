"""A hash of the mirrored state, equal to the server's exactly where both hold the same, but for collisions."""

from __future__ import annotations

from typing import Any

from .codec import whole
from .replica import Replica

_PRIME = 0x01000193
_MASK = 0xFFFF_FFFF


class Fnv1a:
    """FNV-1a over 32 bits, run twice from different bases to 64 bits of result."""

    def __init__(self) -> None:
        self._low, self._high = 0x811C9DC5, 0x9747B28C

    def byte(self, value: int) -> None:
        self._low = (self._low ^ value) * _PRIME & _MASK
        self._high = (self._high ^ value) * _PRIME & _MASK

    def integer(self, value: int) -> None:
        """Eight bytes, lowest first; negative ones as two's complement."""
        for byte in (value & 0xFFFF_FFFF_FFFF_FFFF).to_bytes(8, "little"):
            self.byte(byte)

    def text(self, value: str) -> None:
        """Its UTF-16 units, lower byte first, then how many they are."""
        units = value.encode("utf-16-le", "surrogatepass")
        for byte in units:
            self.byte(byte)
        self.integer(len(units) // 2)

    def hex(self) -> str:
        return f"{self._high:08x}{self._low:08x}"


def state_hash(replica: Replica) -> str:
    """Of all but what is for owners and groups alone."""
    state = Fnv1a()
    for table in replica.definition.tables:
        mask = table.masks["room"] | table.masks["sight"]
        if mask == 0:
            continue
        rows = replica.rows(table)
        state.integer(table.index)
        state.integer(len(rows))
        for identity in sorted(rows):
            state.integer(identity)
            for place in range(len(table.fields)):
                if mask >> place & 1:
                    _wire(state, rows[identity].values.get(place))
    return state.hex()


def _wire(state: Fnv1a, wire: Any) -> None:
    if isinstance(wire, bool):
        state.byte(2)
        state.byte(int(wire))
    elif isinstance(wire, (int, float)):
        state.byte(1)
        state.integer(whole(wire))
    elif isinstance(wire, str):
        state.byte(3)
        state.text(wire)
    elif isinstance(wire, bytes):
        state.byte(4)
        state.integer(len(wire))
        for byte in wire:
            state.byte(byte)
    elif isinstance(wire, list):
        state.byte(5)
        state.integer(len(wire))
        for item in wire:
            _wire(state, item)
    else:
        state.byte(6)
