"""A client of Tickcast servers: joins rooms of any game, mirrors what is in sight, sends inputs, messages and requests.

>>> import asyncio, tickcast
>>> async def main():
...     async with await tickcast.connect("ws://127.0.0.1:3000/arena", {"name": "Ada"}) as room:
...         room.on("chat", lambda chat: print(chat["name"], chat["text"]))
...         room.input(move=0.0)
...         print(await room.closed())
>>> asyncio.run(main())
"""

from .calls import Reply
from .connection import connect
from .definition import Definition, read_definition
from .errors import CLOSES, Close, ConnectError, FrameFault, GapFault, StayEnded, TickcastError, close_by_code
from .mirror import Record, Row, State, Table
from .replica import Replica
from .room import Room
from .session import Session
from .state_hash import state_hash

__all__ = [
    "CLOSES",
    "Close",
    "ConnectError",
    "Definition",
    "FrameFault",
    "GapFault",
    "Record",
    "Replica",
    "Reply",
    "Room",
    "Row",
    "Session",
    "State",
    "StayEnded",
    "Table",
    "TickcastError",
    "close_by_code",
    "connect",
    "read_definition",
    "state_hash",
]
