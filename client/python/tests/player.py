"""A player that a test leads: ``python3 -m tests.player URL JOIN``. It writes a line of JSON for whatever happens, and
takes commands as lines of JSON: ``["input", {…}]``, ``["send", name, payload]``, ``["request", name, payload]``, ``["leave"]``."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from typing import Any

import tickcast
from tickcast import Room, state_hash

from .vectors import plain, plain_state


def tell(what: str, **details: Any) -> None:
    print(json.dumps({"what": what, **details}), flush=True)


def follow(room: Room) -> None:
    def ticked(tick: int) -> None:
        tell(
            "tick",
            tick=tick,
            hash=state_hash(room._session.replica),
            state=plain_state(room.state),
            me=None if room.me is None else room.me.id,
            statistics=room.statistics,
        )

    room.on_tick(ticked)
    room.on_connection(lambda state, close: tell("connection", state=state, close=close and close.name))
    room.on_lost(lambda what, detail: tell("lost", lost=what, detail=detail))
    for event in room.definition.events:
        room.on(event.name, lambda value, name=event.name: tell("event", name=name, value=plain(value)))


async def obey(room: Room, command: list[Any]) -> None:
    verb, *rest = command
    if verb == "input":
        room.input(**rest[0])
    elif verb == "send":
        room.send(*rest)
    elif verb == "request":
        reply = await room.request(*rest)
        tell("reply", ok=reply.ok, value=reply.value, error=reply.error)
    elif verb == "leave":
        await room.leave()


async def main(url: str, join: Any) -> None:
    room = await tickcast.connect(url, join)
    follow(room)
    tell("joined", room=room.id, player=room.player_id, row=room.me and room.me.id)
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            asyncio.run_coroutine_threadsafe(obey(room, json.loads(line)), loop)

    threading.Thread(target=read, daemon=True).start()
    close = await room.closed()
    tell("closed", close=close.name)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
