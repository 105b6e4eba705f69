"""How each type of field goes from a Python value to the wire and back."""

from __future__ import annotations

import math
from typing import Any, Callable, Mapping

from .codec import whole

#: A value in wire form: int, bool, str, bytes, None, or a list of these.
Wire = Any
#: Finds the row that an id means; None for one that is not seen.
RowLookup = Callable[[str, int], Any]

TURN = 2 * math.pi


class UnknownFieldType(Exception):
    """The server's game has a type of field that is newer than this client."""


class FieldCodec:
    """One field's type. `initial` is the value of a new row, `quantise` the wire form of what a player gives,
    `restore` what a wire value reads as, `accepts` whether a decoded value can be one."""

    def initial(self) -> Any:
        raise NotImplementedError

    def quantise(self, value: Any) -> Wire:
        """Out-of-range values are clamped or cut. Raises TypeError for what is no value of this type at all."""
        raise NotImplementedError

    def restore(self, wire: Wire, rows: RowLookup) -> Any:
        return wire

    def accepts(self, wire: Any) -> bool:
        raise NotImplementedError


class IntegerCodec(FieldCodec):
    def __init__(self, name: str, low: int, high: int) -> None:
        self._name, self._low, self._high = name, low, high

    def initial(self) -> Any:
        return 0

    def quantise(self, value: Any) -> Wire:
        return min(max(_rounded(_number(value, self._name)), self._low), self._high)

    def restore(self, wire: Wire, rows: RowLookup) -> Any:
        return whole(wire)

    def accepts(self, wire: Any) -> bool:
        return _is_integer(wire, self._low, self._high)


class BoolCodec(FieldCodec):
    def initial(self) -> Any:
        return False

    def quantise(self, value: Any) -> Wire:
        if not isinstance(value, bool):
            raise TypeError(f"{value!r} is no bool")
        return value

    def accepts(self, wire: Any) -> bool:
        return isinstance(wire, bool)


class FixedCodec(FieldCodec):
    """Steps above `min`. A step like 0.1 is no exact float, but there are exactly ten in one: so it is divided by
    what a whole unit holds, where that is whole, and 0.3 stays 0.3."""

    def __init__(self, low: float, high: float, step: float) -> None:
        self._low, self._high, self._step = low, high, step
        self._per_unit = _whole_if_close(1 / step)
        self._first = _whole_if_close(low * self._per_unit)
        self._steps = _rounded((high - low) * self._per_unit)

    def initial(self) -> Any:
        return min(max(0, self._low), self._high)

    def quantise(self, value: Any) -> Wire:
        clamped = min(max(_number(value, "number"), self._low), self._high)
        return _rounded((clamped - self._low) * self._per_unit)

    def restore(self, wire: Wire, rows: RowLookup) -> Any:
        if float(self._per_unit).is_integer():
            value = (self._first + wire) / self._per_unit
        else:
            value = self._low + wire * self._step
        return min(max(value, self._low), self._high)

    def accepts(self, wire: Any) -> bool:
        return _is_integer(wire, 0, self._steps)


class AngleCodec(FieldCodec):
    """A direction in radians; a whole turn is `steps`."""

    def __init__(self, steps: int) -> None:
        self._steps = steps

    def initial(self) -> Any:
        return 0

    def quantise(self, value: Any) -> Wire:
        steps = _number(value, "angle") / TURN * self._steps
        if not math.isfinite(steps):
            raise TypeError(f"{value!r} is no angle")
        return _rounded(steps) % self._steps

    def restore(self, wire: Wire, rows: RowLookup) -> Any:
        return wire / self._steps * TURN

    def accepts(self, wire: Any) -> bool:
        return _is_integer(wire, 0, self._steps - 1)


class TextCodec(FieldCodec):
    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes

    def initial(self) -> Any:
        return ""

    def quantise(self, value: Any) -> Wire:
        if not isinstance(value, str):
            raise TypeError(f"{value!r} is no text")
        text = _without_mark(value).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        # Cut at a whole character.
        return text.encode()[: self._max_bytes].decode("utf-8", "ignore")

    def accepts(self, wire: Any) -> bool:
        return isinstance(wire, str) and len(wire.encode("utf-8", "surrogatepass")) <= self._max_bytes


class BytesCodec(FieldCodec):
    def __init__(self, most: int) -> None:
        self._most = most

    def initial(self) -> Any:
        return b""

    def quantise(self, value: Any) -> Wire:
        if not isinstance(value, (bytes, bytearray, memoryview)):
            raise TypeError(f"{value!r} is no bytes")
        return bytes(value)[: self._most]

    def accepts(self, wire: Any) -> bool:
        return isinstance(wire, bytes) and len(wire) <= self._most


class OneOfCodec(FieldCodec):
    def __init__(self, options: list[str]) -> None:
        self._options = options

    def initial(self) -> Any:
        return self._options[0]

    def quantise(self, value: Any) -> Wire:
        if value not in self._options:
            raise TypeError(f"{value!r} is none of {', '.join(self._options)}")
        return self._options.index(value)

    def restore(self, wire: Wire, rows: RowLookup) -> Any:
        return self._options[wire] if self.accepts(wire) else None

    def accepts(self, wire: Any) -> bool:
        return _is_integer(wire, 0, len(self._options) - 1)


class RefCodec(FieldCodec):
    """A row by its id; 0 means none. It reads None where the row is not seen."""

    def __init__(self, table: str) -> None:
        self._table = table

    def initial(self) -> Any:
        return None

    def quantise(self, value: Any) -> Wire:
        if value is None:
            return 0
        identity = getattr(value, "id", None)
        if not isinstance(identity, int):
            raise TypeError(f'{value!r} is no row of "{self._table}"')
        return identity

    def restore(self, wire: Wire, rows: RowLookup) -> Any:
        return None if wire == 0 else rows(self._table, whole(wire))

    def accepts(self, wire: Any) -> bool:
        return _is_integer(wire, 0, 0xFFFF_FFFF)


class OptionalCodec(FieldCodec):
    def __init__(self, of: FieldCodec) -> None:
        self._of = of

    def initial(self) -> Any:
        return None

    def quantise(self, value: Any) -> Wire:
        return None if value is None else self._of.quantise(value)

    def restore(self, wire: Wire, rows: RowLookup) -> Any:
        return None if wire is None else self._of.restore(wire, rows)

    def accepts(self, wire: Any) -> bool:
        return wire is None or self._of.accepts(wire)


class ListCodec(FieldCodec):
    def __init__(self, of: FieldCodec, most: int) -> None:
        self._of, self._most = of, most

    def initial(self) -> Any:
        return []

    def quantise(self, value: Any) -> Wire:
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"{value!r} is no list")
        return [self._of.quantise(item) for item in value[: self._most]]

    def restore(self, wire: Wire, rows: RowLookup) -> Any:
        return [self._of.restore(item, rows) for item in wire]

    def accepts(self, wire: Any) -> bool:
        return isinstance(wire, list) and len(wire) <= self._most and all(map(self._of.accepts, wire))


_INTEGERS = {
    "u8": (0, 0xFF),
    "u16": (0, 0xFFFF),
    "u32": (0, 0xFFFF_FFFF),
    "i16": (-0x8000, 0x7FFF),
    "i32": (-0x8000_0000, 0x7FFF_FFFF),
    "tick": (0, 2**53 - 1),
}


def field_codec(description: Mapping[str, Any]) -> FieldCodec:
    """The codec of a field's description. Raises UnknownFieldType for one that is newer than this client."""
    kind = description["type"]
    if kind in _INTEGERS:
        return IntegerCodec(kind, *_INTEGERS[kind])
    if kind == "bool":
        return BoolCodec()
    if kind == "fixed":
        return FixedCodec(description["min"], description["max"], description["step"])
    if kind == "angle":
        return AngleCodec(description["steps"])
    if kind == "text":
        return TextCodec(description["maxBytes"])
    if kind == "bytes":
        return BytesCodec(description["max"])
    if kind == "oneOf":
        return OneOfCodec(list(description["options"]))
    if kind == "ref":
        return RefCodec(description["table"])
    if kind == "optional":
        return OptionalCodec(field_codec(description["of"]))
    if kind == "list":
        return ListCodec(field_codec(description["of"]), description["max"])
    if kind == "cold":
        # Only the server compares it otherwise.
        return field_codec(description["of"])
    raise UnknownFieldType(f'a field of the type "{kind}" is unknown here: update the client')


def _number(value: Any, expected: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
        raise TypeError(f"{value!r} is no {expected}")
    return value


def _rounded(value: float) -> int:
    """Halves go up, as the server rounds; Python's own `round` takes them to the even number."""
    if math.isinf(value):
        return 2**63 if value > 0 else -(2**63)
    floor = math.floor(value)
    return floor + 1 if value - floor >= 0.5 else floor


def _whole_if_close(value: float) -> float:
    """The whole number that `value` is but for what its computation rounded off, else `value` itself."""
    nearest = _rounded(value)
    return nearest if abs(nearest - value) <= abs(value) * 1e-12 else value


def _is_integer(wire: Any, low: int, high: int) -> bool:
    if isinstance(wire, bool) or not isinstance(wire, (int, float)) or wire != wire:
        return False
    return low <= wire <= high and wire == int(wire)


def _without_mark(text: str) -> str:
    return text.lstrip("\ufeff")
