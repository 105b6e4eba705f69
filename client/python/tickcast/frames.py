"""Types of frames, and their outer shape. docs/protocol.md has the meaning of each part."""

from __future__ import annotations

import math
from typing import Any, Callable

from .codec import decode, whole
from .errors import FrameFault

PROTOCOL_VERSION = 1

DEFINITION, WELCOME, KEYFRAME, DELTA, TICK_END, PONG, PAUSE, RESUMED = range(8)
HELLO, INPUT, MESSAGE, REQUEST, PING, ACK, LEAVE, READY = range(8)

#: The stream that everyone in the room holds; its frame closes the tick.
ROOM_STREAM = 0
AUDIENCE_GROUP = 1
#: ``to`` of a row that is gone for good.
LEFT_FOR_GOOD = 0
#: Acknowledge at least so often, counted in ticks.
ACK_INTERVAL_MS = 500

Check = Callable[[Any], bool]


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _tick(value: Any) -> bool:
    return _number(value) and value >= 0 and value == int(value)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _list(value: Any) -> bool:
    return isinstance(value, list)


def _map(value: Any) -> bool:
    return isinstance(value, dict)


def _or_nil(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _timeline(value: Any) -> bool:
    return _list(value) and len(value) >= 3 and _tick(value[0]) and _number(value[2])


_lists = _or_nil(_list)

#: By type of frame: what stands behind the type. What may be left out is ``_or_nil``.
_SHAPES: dict[int, tuple[Check, ...]] = {
    DEFINITION: (_tick, _text, _map),
    WELCOME: (_tick, _tick, _number, _or_nil(_text), _tick, _tick, _tick, _text, _or_nil(_text)),
    KEYFRAME: (_tick, _tick, _lists, _or_nil(_tick)),
    DELTA: (_tick, _tick, _tick, _lists, _lists, _lists, _lists, _lists, _lists),
    TICK_END: (_tick, _tick, _lists, _lists, _lists, _lists),
    PONG: (_number, _number, _or_nil(_tick), _or_nil(_number)),
    PAUSE: (_tick,),
    RESUMED: (_tick, _tick, _tick, _tick, _or_nil(_timeline)),
}


def read_server_frame(data: bytes) -> tuple[int, list[Any]] | None:
    """The type and the parts that this client knows; parts that were left out are None.

    None for a type that it does not know: newer servers may send such. Raises FrameFault for what is no frame.
    """
    frame = decode(data)
    if not isinstance(frame, list) or not frame or not _tick(frame[0]):
        raise FrameFault("a message is no frame")
    kind = int(frame[0])
    shape = _SHAPES.get(kind)
    if shape is None:
        return None
    parts = [*frame[1 : len(shape) + 1], *[None] * (len(shape) + 1 - len(frame))]
    for place, (check, part) in enumerate(zip(shape, parts)):
        if not check(part):
            raise FrameFault(f"part {place + 1} of a frame of type {kind} is wrong")
    return kind, [whole(part) if check is _tick else part for check, part in zip(shape, parts)]
