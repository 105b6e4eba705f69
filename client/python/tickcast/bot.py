"""Plays any game at random, by what its definition says of its inputs: to have somebody in a room."""

from __future__ import annotations

import random
from typing import Any, Mapping

from .fields import TURN
from .listeners import Release
from .room import Room

#: How often a held input is thought over, and how often something is pressed.
_CHANGES_A_SECOND = 1.0
_PRESSES_A_SECOND = 0.5


def play(room: Room, chance: random.Random) -> Release:
    """Gives inputs until it is released."""
    period = room.definition.period_ms / 1000

    def think(_tick: int) -> None:
        for one in room.definition.inputs:
            often = _CHANGES_A_SECOND if one.is_held else _PRESSES_A_SECOND
            if chance.random() < often * period:
                room.input(**{one.name: random_value(one.type, chance) if one.is_held else True})

    return room.on_tick(think)


_RANGES = {
    "u8": (0, 0xFF),
    "u16": (0, 0xFFFF),
    "u32": (0, 0xFFFF_FFFF),
    "i16": (-0x8000, 0x7FFF),
    "i32": (-0x8000_0000, 0x7FFF_FFFF),
    "tick": (0, 0xFFFF_FFFF),
}


def random_value(field: Mapping[str, Any], chance: random.Random) -> Any:
    """A value that the field can hold."""
    kind = field["type"]
    if kind in _RANGES:
        return chance.randint(*_RANGES[kind])
    if kind == "bool":
        return chance.random() < 0.5
    if kind == "fixed":
        return chance.uniform(field["min"], field["max"])
    if kind == "angle":
        return chance.uniform(0, TURN)
    if kind == "oneOf":
        return chance.choice(field["options"])
    if kind == "optional":
        return None if chance.random() < 0.2 else random_value(field["of"], chance)
    if kind == "list":
        return [random_value(field["of"], chance) for _ in range(chance.randint(0, min(field["max"], 4)))]
    if kind == "cold":
        return random_value(field["of"], chance)
    # Texts, bytes and references: nothing.
    return {"text": "", "bytes": b""}.get(kind)
