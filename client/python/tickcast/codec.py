"""MessagePack as Tickcast speaks it: plain values, one a message, no extension types."""

from __future__ import annotations

import math
from typing import Any

import msgpack

from .errors import FrameFault


def encode(value: Any) -> bytes:
    """The bytes of one value: None, booleans, numbers, text, bytes, lists, and dicts with text for keys.

    Raises TypeError for what is no such value, OverflowError for integers beyond 64 bits.
    """
    return msgpack.packb(value, use_bin_type=True)


def decode(data: bytes) -> Any:
    """The one value in a message.

    Raises FrameFault for anything else: nothing, less or more than one value, extension types, text that is no UTF-8.
    """
    try:
        # Keys are text; the limits are those of the message, which the socket has bounded already.
        return msgpack.unpackb(data, raw=False, strict_map_key=True, ext_hook=_no_extension)
    except FrameFault:
        raise
    except Exception as cause:
        raise FrameFault("a message is not MessagePack") from cause


def _no_extension(code: int, _data: bytes) -> Any:
    raise FrameFault(f"a message holds an extension of type {code}")


def whole(value: Any) -> Any:
    """Integers from 2^32 on travel as float64; what is whole is an int again."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def assert_sendable(value: Any, what: str) -> None:
    """Raises TypeError for what the server would refuse: it closes with ``bad-frame`` then, which helps nobody."""
    if value is None or isinstance(value, (bool, bytes)):
        return
    if isinstance(value, int):
        if abs(value) >= 2**53:
            raise TypeError(f"{what}: {value} is beyond 53 bits")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise TypeError(f"{what}: {value} is not finite")
    elif isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise TypeError(f"{what}: a text has lone surrogates") from None
    elif isinstance(value, (list, tuple)):
        for place, item in enumerate(value):
            assert_sendable(item, f"{what}[{place}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{what}: the key {key!r} is no text")
            assert_sendable(item, f"{what}.{key}")
    else:
        raise TypeError(f"{what}: {type(value).__name__} cannot be sent")
