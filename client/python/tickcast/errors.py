"""Why a connection or a stay ends, by name. The sentences are the server's; see docs/protocol.md, "Close codes"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Retry = Literal["soon", "later", "never"]


@dataclass(frozen=True)
class Close:
    """A close code with its meaning: ``name`` to branch on, ``retry`` to act on, ``sentence`` to show."""

    code: int
    name: str
    retry: Retry
    sentence: str


_ROWS: tuple[tuple[int, str, Retry, str], ...] = (
    (4000, "server-stopping", "soon", "The server is stopping. Connect again: another server takes over."),
    (4001, "server-busy", "later", "The server takes no more players at the moment. Try again in a little while."),
    (4100, "room-restarting", "soon", "The room restarts, here or on another server. Connect again to go on playing."),
    (4101, "room-full", "later", "All seats of the room are taken. Try again later, or join another room."),
    (4102, "room-locked", "later", "The room admits nobody at the moment. Try again later, or join another room."),
    (4103, "room-failed", "later", "The game's code failed and its room was closed. Connect again to play in a new one."),
    (4104, "load-failed", "later", "The room could not be loaded. Try again later; the cause is in the server's log."),
    (4105, "room-overloaded", "later", "The room needed more time than it has and was closed. Connect again to play in a new one."),
    (4106, "room-moved", "soon", "The room is on another server by now. Ask matchmaking where (POST /join), and connect there."),
    (4200, "greeting-timeout", "soon", "No greeting arrived in time after the connection opened. Connect again."),
    (4201, "seat-expired", "soon", "The reserved seat was not taken in time. Connect again to get a new one."),
    (4202, "too-slow", "soon", "The connection could not keep up with the game. Connect again to catch up."),
    (4203, "rate-limited", "later", "Too much was sent in too short a time. Wait a moment, then connect again and send less."),
    (4500, "left", "never", "The player left the room. Join again to play on."),
    (4501, "kicked", "never", "The game removed the player from the room. Join another room, or ask the host."),
    (4502, "replaced", "never", "The same player connected from elsewhere. Go on there, or join again here."),
    (4503, "room-closed", "never", "The room was closed. Join another room."),
    (4600, "refused", "never", "The game did not admit the player. Sign in again, or ask its operator for access."),
    (4601, "bad-join", "never", "The join options are not what the game asks for. Correct them and join again."),
    (4602, "bad-token", "never", "The ticket or token is not valid, or no longer. Get a new one and join again."),
    (4603, "no-such-game", "never", "This server does not host that game. Check the address and the game's name."),
    (4604, "no-such-room", "never", "There is no room with that id. It may have closed: join another room."),
    (4700, "client-outdated", "never", "The game has a new version. Reload the page or update the client."),
    (4701, "protocol-version", "never", "Client and server speak different protocol versions. Update the older of the two."),
    (4702, "bad-frame", "never", "A frame was not what the protocol allows. Update the client, or report the fault."),
    (4703, "too-many-errors", "never", "Too many of the player's calls failed in a short time. Reload, or report the fault."),
    (1000, "normal", "never", "The connection was closed on purpose. Join again to play."),
    (1001, "going-away", "soon", "The page was left or the server went away. Connect again."),
    (1002, "protocol-error", "never", "The WebSocket protocol was broken. Update the client, or check the proxies on the way."),
    (1003, "text-frame", "never", "A text frame was sent, but only binary frames are understood. Send MessagePack in binary frames."),
    (1005, "no-status", "soon", "The connection was closed without a reason. Connect again."),
    (1006, "abnormal", "soon", "The connection broke or could not be opened. Check the network, then connect again."),
    (1007, "bad-data", "never", "A frame held bytes that do not fit its type. Update the client, or report the fault."),
    (1008, "policy", "never", "The server or a proxy does not allow this connection. Ask the operator."),
    (1009, "too-large", "never", "A frame was larger than the server accepts. Send less at a time."),
    (1010, "extension-missing", "never", "The server lacks a WebSocket extension that the client requires. Do not require it."),
    (1011, "internal-error", "later", "The server met an error of its own. Try again later; the cause is in its log."),
    (1012, "service-restart", "soon", "The service restarts. Connect again."),
    (1013, "try-again-later", "later", "The service is overloaded. Try again in a little while."),
    (1014, "bad-gateway", "later", "A proxy got no valid answer from the server. Try again in a little while."),
    (1015, "tls-failed", "never", "The encrypted connection could not be set up. Check the server's certificate."),
)

#: Every code that is known, by its name.
CLOSES: dict[str, Close] = {name: Close(code, name, retry, sentence) for code, name, retry, sentence in _ROWS}
_BY_CODE: dict[int, Close] = {close.code: close for close in CLOSES.values()}


def close_by_code(code: int) -> Close:
    """What a code means. A code that is in no table is judged by its range: 4500 to 4999 is for good."""
    known = _BY_CODE.get(code)
    if known is not None:
        return known
    if 4500 <= code <= 4999:
        sentence = "The connection was closed for good, for a reason that this client does not know. Update it."
        return Close(code, "unknown", "never", sentence)
    sentence = "The connection was closed for a reason that this client does not know. Try again later."
    return Close(code, "unknown", "later", sentence)


class TickcastError(Exception):
    """Whatever this package raises on account of a server or a network."""


class FrameFault(TickcastError):
    """The server sent what the protocol does not allow; the connection closes with ``bad-frame``."""


class GapFault(FrameFault):
    """Frames are missing. What is held is still whole: a resync on a new connection makes up for them."""


class StayEnded(TickcastError):
    """A stay that cannot go on, from within a frame: the server plays another game or protocol."""

    def __init__(self, close: Close, detail: str) -> None:
        super().__init__(detail)
        self.close = close


class ConnectError(TickcastError):
    """No room: ``close`` says who or what refused, the text what to do about it."""

    def __init__(self, url: str, close: Close, detail: str = "") -> None:
        known = f" ({detail})" if detail and detail != close.sentence else ""
        super().__init__(f"could not join {url}: {close.sentence}{known}")
        self.close = close
