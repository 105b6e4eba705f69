"""Reads the protocol's test vectors, and shows Python values as their JSON does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tickcast.mirror import Record, Row, State, Table

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "vectors"


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def scenarios() -> list[str]:
    return sorted(path.name for path in (FOLDER / "scenarios").glob("*.json"))


def plain(value: Any) -> Any:
    """JSON for a value: bytes as hex, rows by their id, lists and maps of these."""
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, Row):
        return {"row": value.id}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def plain_state(state: State) -> dict[str, Any]:
    """A mirror as the vectors tell it: fields that are out of sight are left out."""
    told: dict[str, Any] = {}
    for name, part in state.items():
        if isinstance(part, Table):
            told[name] = {str(row.id): plain(row.as_dict()) for row in part}
        elif isinstance(part, Record):
            told[name] = plain(part.as_dict())
    return told
