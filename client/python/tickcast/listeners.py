"""Callbacks that are isolated from each other: one that raises is reported, and the others are told."""

from __future__ import annotations

import logging
from typing import Any, Callable

_log = logging.getLogger("tickcast")

#: Releases what was acquired. Calling it again does nothing.
Release = Callable[[], None]


class Listeners:
    def __init__(self) -> None:
        self._listeners: list[Callable[..., Any]] = []

    def add(self, listener: Callable[..., Any]) -> Release:
        # One of its own, so that the same function may be added twice.
        def told(*arguments: Any) -> None:
            listener(*arguments)

        self._listeners.append(told)

        def release() -> None:
            if told in self._listeners:
                self._listeners.remove(told)

        return release

    def notify(self, *arguments: Any) -> None:
        for listener in list(self._listeners):
            if listener in self._listeners:
                call(listener, *arguments)


def call(listener: Callable[..., Any], *arguments: Any) -> None:
    """Calls, and logs what it raises under "tickcast": a mirror must not break with a game's code."""
    try:
        listener(*arguments)
    except Exception:
        _log.exception("a listener failed")
