"""``python3 -m tickcast ws://127.0.0.1:3000/arena --name Ada``: joins a room and shows what goes on in it."""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
import random
import signal
import sys
from collections import Counter
from typing import Any

from .bot import play
from .connection import connect
from .errors import Close, ConnectError
from .mirror import Table
from .room import Room


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m tickcast",
        description="Joins a room of any Tickcast server and prints a line a second of what is seen in it.",
    )
    parser.add_argument("url", help="where the room is, like ws://127.0.0.1:3000/arena or …/arena/k3v9")
    parser.add_argument("--name", help='joins as {"name": NAME}, as the arena asks for')
    parser.add_argument("--join", type=json.loads, metavar="JSON", help="what else the game asks for on joining")
    parser.add_argument("--ticket", help="for the game's admission")
    parser.add_argument("--token", help="takes a seat again; url is to name the room")
    parser.add_argument("--seconds", type=float, help="leaves after so many; default: at Ctrl-C")
    parser.add_argument("--bot", action="store_true", help="plays at random, by the inputs that the game has")
    parser.add_argument("--seed", type=int, help="of the bot's chance")
    parser.add_argument("--quiet", action="store_true", help="prints the last line alone")
    options = parser.parse_args(given)
    if options.seconds is not None and not options.seconds > 0:
        parser.error("--seconds is a number above 0")
    if options.join is not None and options.name is not None and not isinstance(options.join, dict):
        parser.error("--name goes with a --join that is an object, or without one")
    return options


def summary(room: Room, heard: Counter[str]) -> str:
    """One line: the tick, the line, how many rows of each table, one's own row, what was heard."""
    rtt = room.statistics["rtt_ms"]
    parts = [f"tick {room.tick}", "rtt –" if rtt is None else f"rtt {rtt:.1f} ms"]
    parts += [f"{name} {len(part)}" for name, part in room.state.items() if isinstance(part, Table)]
    if room.me is not None:
        numbers = {name: value for name, value in room.me.as_dict().items() if _is_plain(value)}
        parts.append("me " + " ".join(f"{name}={_short(value)}" for name, value in list(numbers.items())[:6]))
    parts += [f"{name} ×{times}" for name, times in heard.items()]
    return " | ".join(parts)


def _is_plain(value: Any) -> bool:
    return isinstance(value, (int, float, str)) and not isinstance(value, bool) and value != ""


def _short(value: Any) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)


async def _main(options: argparse.Namespace) -> int:
    join = options.join
    if options.name is not None:
        join = {**(join or {}), "name": options.name}
    room = await connect(options.url, join, ticket=options.ticket, token=options.token)
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM"):
        try:
            loop.add_signal_handler(getattr(signal, name), lambda: asyncio.ensure_future(room.leave()))
        except NotImplementedError:
            # Windows: Ctrl-C ends the loop by KeyboardInterrupt.
            pass
    heard: Counter[str] = Counter()
    for event in room.definition.events:
        room.on(event.name, functools.partial(_count, heard, event.name))
    room.on_connection(_say_connection)
    if options.bot:
        play(room, random.Random(options.seed))
    if not options.quiet:
        print(f'joined "{room.definition.name}", room {room.id}, as player {room.player_id}')
    stop = asyncio.ensure_future(room.closed())
    ends_at = None if options.seconds is None else loop.time() + options.seconds
    while not stop.done():
        left = 1.0 if ends_at is None else min(1.0, ends_at - loop.time())
        if left <= 0:
            await room.leave()
            break
        await asyncio.wait({stop}, timeout=left)
        if not options.quiet and not stop.done():
            print(summary(room, heard), flush=True)
    close = await room.closed()
    missed = int(room.statistics["ticks_missed"] or 0)
    print(f"{close.name}: {int(room.statistics['ticks_closed'] or 0)} ticks closed, {missed} missed")
    return 0 if close.name == "left" and missed == 0 else 1


def _count(heard: Counter[str], name: str, _value: object) -> None:
    heard[name] += 1


def _say_connection(state: str, close: Close | None) -> None:
    if state != "closed":
        print(state if close is None else f"{state}: {close.sentence}", file=sys.stderr)


def main(given: list[str] | None = None) -> int:
    try:
        return asyncio.run(_main(_arguments(given)))
    except (ConnectError, ValueError) as error:
        print(f"tickcast: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
