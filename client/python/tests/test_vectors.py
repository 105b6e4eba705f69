"""The protocol's test vectors (docs/vectors), on this client."""

from __future__ import annotations

import math
import unittest
from types import SimpleNamespace
from typing import Any

from tickcast import frames
from tickcast.codec import decode, encode
from tickcast.definition import read_definition
from tickcast.errors import CLOSES, FrameFault, GapFault, close_by_code
from tickcast.fields import field_codec
from tickcast.calls import Reply
from tickcast.mirror import Table
from tickcast.session import Session
from tickcast.state_hash import state_hash

from .vectors import plain, plain_state, read, scenarios


def written(value: Any) -> Any:
    """What an author writes, of how the vectors tell it."""
    if isinstance(value, dict):
        return bytes.fromhex(value["bytes"]) if "bytes" in value else SimpleNamespace(id=value["row"])
    return [written(item) for item in value] if isinstance(value, list) else value


class MessagePack(unittest.TestCase):
    vectors = read("messagepack.json")

    def test_reads_what_the_server_writes_in_any_of_its_forms(self) -> None:
        for pair in [*self.vectors["written"], *self.vectors["alike"]]:
            with self.subTest(pair["hex"][:40]):
                self.assertEqual(plain(decode(bytes.fromhex(pair["hex"]))), pair["value"])

    def test_what_it_writes_reads_the_same(self) -> None:
        for pair in self.vectors["written"]:
            value = decode(bytes.fromhex(pair["hex"]))
            self.assertEqual(decode(encode(value)), value)

    def test_refuses_what_is_not_one_value(self) -> None:
        refused = [one for one in self.vectors["refused"] if one["why"] in ("empty", "truncated", "trailing-bytes", "bad-utf8", "reserved-byte")]
        self.assertGreater(len(refused), 5)
        for one in refused:
            with self.subTest(one["hex"]), self.assertRaises(FrameFault):
                decode(bytes.fromhex(one["hex"]))


class Fields(unittest.TestCase):
    def test_every_type_is_written_and_read_as_the_vectors_say(self) -> None:
        for vectors in read("values.json")["fields"]:
            codec = field_codec(vectors["type"])
            self.assertEqual(plain(codec.initial()), vectors["initial"])
            for one in vectors["values"]:
                with self.subTest(type=vectors["type"], hex=one["hex"]):
                    wire = decode(bytes.fromhex(one["hex"]))
                    self.assertTrue(codec.accepts(wire))
                    self.assertEqual(codec.quantise(written(one["written"])), wire)
                    self.assertEqual(plain(codec.restore(wire, lambda _table, row: {"row": row})), one["read"])
            for one in vectors["refused"]:
                with self.subTest(type=vectors["type"], refused=one["hex"]):
                    self.assertFalse(codec.accepts(decode(bytes.fromhex(one["hex"]))))


class Frames(unittest.TestCase):
    server = {
        "welcome": frames.WELCOME,
        "keyframe": frames.KEYFRAME,
        "delta": frames.DELTA,
        "tickEnd": frames.TICK_END,
        "pong": frames.PONG,
        "pause": frames.PAUSE,
        "resumed": frames.RESUMED,
    }

    def test_servers_frames_have_their_parts(self) -> None:
        for one in read("server-frames.json")["frames"]:
            with self.subTest(one["hex"]):
                read_frame = frames.read_server_frame(bytes.fromhex(one["hex"]))
                assert read_frame is not None
                kind, parts = read_frame
                self.assertEqual(kind, self.server[one["frame"]])
                self.assertEqual(plain(parts), list(one["parts"].values()))

    def test_close_codes_are_the_servers(self) -> None:
        codes = read("close-codes.json")["codes"]
        self.assertEqual(len(codes), len(CLOSES))
        for one in codes:
            close = close_by_code(one["code"])
            self.assertEqual([close.name, close.retry, close.sentence], [one["name"], one["retry"], one["sentence"]])

    def test_unknown_codes_are_judged_by_their_range(self) -> None:
        self.assertEqual([close_by_code(code).retry for code in (4450, 4999, 3000)], ["later", "never", "later"])


class Told:
    """What listeners hear of one tick, as the vectors tell it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.begin()
        for name, part in session.mirror.state.items():
            if isinstance(part, Table):
                part.on_add(lambda row, name=name: self.added.append(f"{name} {row.id}"))
                part.on_change(lambda row, fields, name=name: self._change(f"{name} {row.id}", fields))
                part.on_leave_sight(lambda row, name=name: self.left_sight.append(f"{name} {row.id}"))
                part.on_remove(lambda row, name=name: self.removed.append(f"{name} {row.id}"))
            else:
                part.on_change(lambda _row, fields, name=name: self._change(name, fields))
        assert session.definition is not None
        for event in session.definition.events:
            session.on_event(event.name).add(lambda value, name=event.name: self.events.append([name, plain(value)]))
        session.on_lost.add(lambda _what, up_to: setattr(self, "lost_up_to", up_to))

    def begin(self) -> None:
        self.added: list[str] = []
        self.changed: dict[str, list[str]] = {}
        self.left_sight: list[str] = []
        self.removed: list[str] = []
        self.events: list[Any] = []
        self.lost_up_to = 0

    def _change(self, row: str, fields: frozenset[str]) -> None:
        self.changed[row] = sorted(fields)

    def of(self, closed: Any) -> dict[str, Any]:
        assert self._session.definition is not None
        told = {
            "added": sorted(self.added),
            "changed": self.changed,
            "leftSight": sorted(self.left_sight),
            "removed": sorted(self.removed),
            "events": self.events,
            "replies": [self._reply(reply) for reply in closed.replies],
            "late": closed.late,
            "slip": closed.slip or [],
            "lostUpTo": self.lost_up_to,
        }
        self.begin()
        return {name: value for name, value in told.items() if value}

    def _reply(self, reply: list[Any]) -> dict[str, Any]:
        from tickcast.calls import read_reply

        assert self._session.definition is not None
        sequence, status, *value = reply
        read: Reply = read_reply(self._session.definition.requests[0], status, value[0] if value else None)
        outcome = {"ok": True, "value": read.value} if read.ok else {"ok": False, "error": read.error}
        return {"sequence": sequence, **outcome}


#: What a client says by rule alone; inputs, pings and calls are the player's, and by the clock.
BY_RULE = ("hello", "ready")


class Scenarios(unittest.TestCase):
    """Everything that crossed the wire between the server and the SDK, played to this client's session."""

    def test_all(self) -> None:
        self.assertGreater(len(scenarios()), 8)
        for name in scenarios():
            with self.subTest(name):
                self._play(read(f"scenarios/{name}"))

    def _play(self, scenario: Any) -> None:
        sent: list[Any] = []
        session = Session(lambda data: sent.append(decode(data)), lambda: 0.0, {"name": "Ada"})
        told: Told | None = None
        said = {kind: [] for kind in BY_RULE}
        expected = {kind: [] for kind in BY_RULE}
        ticks = 0
        attempts = 0
        for step in scenario["steps"]:
            if step.get("connection") == "opened":
                session.opened()
            elif "connection" in step:
                session.lost()
            elif "client" in step:
                if step["client"] in BY_RULE:
                    # Attempts that did not come about are counted too, and are in no scenario.
                    expected[step["client"]].append(step["parts"][:7])
            else:
                closed = session.receive(bytes.fromhex(step["hex"]))
                self.assertEqual(closed is not None, "tick" in step)
                if closed is None:
                    continue
                ticks += 1
                told = told or Told(session)
                session.complete(closed)
                where = f"tick {step['tick']} of {scenario['name']}"
                self.assertEqual(session.tick, step["tick"], where)
                self.assertEqual(plain_state(session.mirror.state), step["state"], where)
                self.assertEqual(state_hash(session.replica), step["hash"], where)
                self.assertEqual(told.of(closed), step["told"], where)
        for frame in sent:
            if frame[0] == frames.HELLO:
                said["hello"].append(frame[:7])
                attempts += 1
            elif frame[0] == frames.READY:
                said["ready"].append(frame)
        self.assertGreater(ticks, 0)
        self.assertEqual(said, expected)


class Robustness(unittest.TestCase):
    """What is taken, what is ignored, what closes with bad-frame, and what a resync mends."""

    vectors = read("robustness.json")

    def test_all(self) -> None:
        for case in self.vectors["cases"]:
            with self.subTest(f"{case['verdict']}: {case['name']}"):
                session = self._joined()
                verdict = "taken"
                try:
                    for frame in case["frames"]:
                        closed = session.receive(bytes.fromhex(frame))
                        if closed is not None:
                            session.complete(closed)
                except GapFault:
                    verdict = "gap"
                except FrameFault:
                    verdict = "bad-frame"
                self.assertEqual(verdict, case["verdict"])
                if verdict == "taken":
                    self.assertEqual(session.tick, case["tick"])
                    self.assertEqual(plain_state(session.mirror.state), case["state"])

    def _joined(self) -> Session:
        session = Session(lambda _data: None, lambda: 0.0)
        session.opened()
        for frame in self.vectors["before"]:
            closed = session.receive(bytes.fromhex(frame["hex"]))
            if closed is not None:
                session.complete(closed)
        self.assertEqual(session.tick, 10)
        return session


class Definitions(unittest.TestCase):
    def test_a_game_is_read_from_its_description(self) -> None:
        game = read_definition(read("compatibility.json")["known"])
        self.assertEqual([table.name for table in game.tables], ["rows", "note"])
        self.assertEqual([table.is_record for table in game.tables], [False, True])
        self.assertEqual(game.tables[0].masks, {"room": 0b10, "sight": 0b1101, "owner": 0, "group": 0})
        self.assertEqual(game.period_ms, 50)

    def test_what_is_no_description_is_refused(self) -> None:
        for description in ({}, {"name": "x"}, {**read("compatibility.json")["known"], "tables": [{}]}):
            with self.assertRaises(FrameFault):
                read_definition(description)

    def test_angles_are_radians(self) -> None:
        self.assertEqual(field_codec({"type": "angle", "steps": 256}).quantise(math.pi), 128)


if __name__ == "__main__":
    unittest.main()
