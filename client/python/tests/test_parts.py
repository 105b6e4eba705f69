"""What the vectors do not say: what is sent and when, how callbacks are told, what is refused before it is sent."""

from __future__ import annotations

import asyncio
import logging
import math
import random
import unittest
from typing import Any

from tickcast import connect, frames
from tickcast.bot import random_value
from tickcast.calls import CALLS_A_PERIOD, MAX_UNPROCESSED, CallOutbox
from tickcast.clock import Acknowledgements, PingSchedule, ServerClock, TickTimes
from tickcast.codec import assert_sendable, decode, encode
from tickcast.connection import _room_url, _socket_url
from tickcast.errors import ConnectError, FrameFault, StayEnded
from tickcast.fields import field_codec
from tickcast.inputs import lead_ticks
from tickcast.listeners import Listeners
from tickcast.session import Session

from .vectors import plain_state, read


class Player(Session):
    """A session that a test feeds, by a clock that it moves."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.time = 0.0
        super().__init__(lambda data: self.sent.append(decode(data)), lambda: self.time)
        self.opened()

    def feed(self, data: bytes) -> int | None:
        frame = frames.read_server_frame(data)
        if frame is not None and frame[0] == frames.PONG:
            # The network of the vectors takes no time.
            self.time = frame[1][0]
        closed = self.receive(data)
        if closed is None:
            return None
        self.complete(closed)
        return closed.tick

    def begin(self) -> None:
        for frame in read("robustness.json")["before"]:
            self.feed(bytes.fromhex(frame["hex"]))


class Inputs(unittest.TestCase):
    def test_it_sends_the_frames_that_the_sdk_sends(self) -> None:
        """Of scenarios/inputs.json, given the same inputs at the same ticks."""
        given: dict[int, dict[str, Any]] = {
            1: {"walk": 0, "aim": math.pi / 2, "fire": True, "pace": 0.7},
            5: {"jump": True},
            7: {"walk": math.pi, "jump": True},
            17: {"walk": None, "aim": 0, "fire": False, "pace": 0},
        }
        steps = read("scenarios/inputs.json")["steps"]
        player = Player()
        for step in steps:
            if "server" in step:
                tick = player.feed(bytes.fromhex(step["hex"]))
                if tick in given:
                    player.set_input(**given[tick])
        for kind in (frames.INPUT, frames.ACK):
            expected = [step["parts"] for step in steps if "client" in step and step["parts"][0] == kind]
            self.assertEqual([frame for frame in player.sent if frame[0] == kind], expected)

    def test_wrong_ones_raise_and_change_nothing(self) -> None:
        player = Player()
        for step in read("scenarios/joining.json")["steps"]:
            if "server" in step:
                player.feed(bytes.fromhex(step["hex"]))
        before = list(player._inputs._current)
        with self.assertRaisesRegex(KeyError, "no input"):
            player.set_input(aim=1.0, shoot=True)
        with self.assertRaisesRegex(TypeError, 'input "fire": 1 is no bool'):
            player.set_input(aim=1.0, fire=1)
        self.assertEqual(player._inputs._current, before)

    def test_a_lead_that_is_too_long_shrinks_by_a_tick_in_two_and_no_press_is_lost(self) -> None:
        player = Player()
        for step in read("scenarios/joining.json")["steps"]:
            if "server" in step:
                player.feed(bytes.fromhex(step["hex"]))
        inputs = player._inputs
        fire = next(place for place, one in enumerate(inputs._inputs) if not one.is_held)
        leads: list[int] = []
        presses = 0
        for tick in range(1, 41):
            inputs.set({inputs._inputs[fire].name: True} if tick <= 20 else {})
            frame = inputs.sample(tick, tick + (6 if tick <= 5 else 1), tick)
            if frame is not None:
                leads.append(frame[1] - tick)
                presses += frame[3 + fire]
        self.assertEqual(leads[:11], [6, 6, 6, 6, 6, 5, 4, 3, 2, 1, 1])
        self.assertEqual(presses, 20)

    def test_the_lead_is_the_round_trip_in_whole_ticks_at_most_20(self) -> None:
        self.assertEqual([lead_ticks(rtt, 50) for rtt in (None, 0, 1, 50, 51, 9_999)], [0, 0, 1, 1, 2, 20])


class Clock(unittest.TestCase):
    def test_the_quickest_of_the_last_eight_answers_counts(self) -> None:
        clock = ServerClock(TickTimes(1_000, 50))
        self.assertIsNone(clock.tick_at(0))
        clock.answered(0, 1_005, 10)
        clock.answered(10, 5_000, 1_000)
        self.assertEqual((clock.rtt_ms, clock.offset_ms, clock.tick_at(500)), (10, 1_000, 10))
        for _ in range(8):
            clock.answered(0, 0, 20)
        self.assertEqual(clock.rtt_ms, 20)

    def test_a_slip_moves_the_ticks_from_it_on(self) -> None:
        times = TickTimes(0, 50)
        times.slipped(10, 2_000)
        self.assertEqual([times.due_at(9), times.due_at(10)], [450, 2_500])

    def test_pings_five_times_in_the_first_second_then_once_a_second(self) -> None:
        pings = PingSchedule(20)
        self.assertEqual([tick for tick in range(61) if pings.is_due(tick)], [0, 4, 8, 12, 16, 36, 56])

    def test_acknowledges_the_first_tick_then_every_so_many_and_anew_after_a_resync(self) -> None:
        acks = Acknowledgements(10)
        due = []
        for tick in range(1, 30):
            if acks.is_due(tick):
                acks.said(tick)
                due.append(tick)
        self.assertEqual(due, [1, 11, 21])
        acks.restart()
        self.assertTrue(acks.is_due(22))


class Calls(unittest.TestCase):
    def setUp(self) -> None:
        self.sent: list[int] = []
        self.now = 0.0
        self.calls = CallOutbox(lambda data: self.sent.append(decode(data)[1]), lambda: self.now, 50)

    def push(self) -> int | None:
        return self.calls.push(frames.MESSAGE, 0, None)

    def test_they_are_numbered_from_1_and_go_out_within_what_a_period_may_send(self) -> None:
        for _ in range(CALLS_A_PERIOD + 3):
            self.push()
        self.assertEqual(self.sent, list(range(1, CALLS_A_PERIOD + 1)))
        self.now += 50
        self.calls.flush()
        self.assertEqual(self.sent[-1], CALLS_A_PERIOD + 3)

    def test_what_did_not_arrive_is_sent_again_on_a_new_connection(self) -> None:
        for _ in range(4):
            self.push()
        self.calls.processed(1)
        self.calls.disconnected()
        self.push()
        self.sent.clear()
        self.calls.reconnected(2)
        self.assertEqual(self.sent, [3, 4, 5])

    def test_too_many_are_refused_and_what_cannot_be_sent_takes_no_number(self) -> None:
        with self.assertRaises(TypeError):
            self.calls.push(frames.MESSAGE, 0, object())
        self.assertEqual([self.push() for _ in range(MAX_UNPROCESSED)][-1], MAX_UNPROCESSED)
        self.assertIsNone(self.push())


class Sessions(unittest.TestCase):
    def test_rows_keep_their_identity_and_are_told_once(self) -> None:
        player = Player()
        player.begin()
        rows = player.mirror.state.rows
        told: list[Any] = []
        rows.on_add(told.append)
        row = rows.get(1)
        self.assertEqual(told, [row])
        self.assertEqual((row.n, row["word"], row.sees("n"), repr(row)), (3, "one", True, "<rows 1>"))
        player.feed(encode([frames.DELTA, 11, 10, 4, [0, [1, 2, 9]]]))
        self.assertEqual(row.n, 3)
        player.feed(encode([frames.TICK_END, 11, 10]))
        self.assertIs(rows.get(1), row)
        self.assertEqual((row.n, told), (9, [row]))
        with self.assertRaises(AttributeError):
            row.nothing

    def test_what_leaves_sight_shows_its_last_values_while_it_is_told(self) -> None:
        player = Player()
        player.begin()
        told: list[Any] = []
        player.mirror.state.rows.on_leave_sight(lambda row: told.append(row.as_dict()))
        player.feed(encode([frames.DELTA, 11, 10, 1, [], [], [], [], [], [4]]))
        player.feed(encode([frames.TICK_END, 11, 10]))
        self.assertEqual(told, [{"n": 3, "word": "one", "x": 0, "y": 0}])
        row = player.mirror.state.rows.get(1)
        self.assertEqual((row.n, row.word, row.sees("n")), (None, "one", False))

    def test_a_listener_that_raises_hurts_nobody(self) -> None:
        player = Player()
        player.begin()
        told: list[int] = []
        player.on_tick.add(lambda _tick: 1 / 0)
        player.on_tick.add(told.append)
        with self.assertLogs("tickcast", logging.ERROR):
            player.feed(encode([frames.TICK_END, 11, 10]))
        self.assertEqual((told, player.tick), ([11], 11))

    def test_releases_are_idempotent_and_hold_during_a_dispatch(self) -> None:
        listeners = Listeners()
        told: list[str] = []
        release = listeners.add(lambda: told.append("second"))

        def first() -> None:
            told.append("first")
            release()

        listeners._listeners.insert(0, first)
        listeners.notify()
        release()
        self.assertEqual(told, ["first"])

    def test_another_protocol_or_a_type_of_field_of_the_future_is_for_a_newer_client(self) -> None:
        known = read("compatibility.json")["known"]
        future = {**known, "events": [{"name": "x", "fields": [{"name": "y", "field": {"type": "matrix"}}]}]}
        for frame, name in (([0, 2, "h", known], "protocol-version"), ([0, 1, "h", future], "client-outdated")):
            with self.assertRaises(StayEnded) as raised:
                Player().receive(encode(frame))
            self.assertEqual(raised.exception.close.name, name)

    def test_one_who_returns_to_another_game_ends_as_outdated(self) -> None:
        player = Player()
        player.begin()
        player.lost()
        player.opened()
        self.assertEqual(player.sent[-1][3:], [None, None, "secret", 10, 2])
        with self.assertRaises(StayEnded):
            player.receive(bytes.fromhex(read("robustness.json")["before"][0]["hex"]))

    def test_a_welcome_to_another_timeline_replaces_the_mirror(self) -> None:
        player = Player()
        player.begin()
        before = player.mirror.state.rows.get(1)
        told: list[Any] = []
        player.mirror.state.rows.on_remove(lambda row: told.append(("removed", row.id)))
        player.mirror.state.rows.on_add(lambda row: told.append(("added", row.id)))
        player.on_timeline.add(lambda timeline: told.append(("timeline", timeline)))
        told.clear()
        player.lost()
        player.opened()
        player.feed(encode([frames.WELCOME, 1, 90, 0, None, 1, 0, 1, "k3v9", "other"]))
        player.feed(encode([frames.TICK_END, 91, 90, [0, [1, 5, "new"], 1, [1, 3, 7]]]))
        self.assertEqual(told, [("removed", 1), ("timeline", 1), ("added", 1)])
        self.assertEqual(plain_state(player.mirror.state), {"rows": {"1": {"word": "new"}}, "note": {"n": 7}})
        self.assertIsNot(player.mirror.state.rows.get(1), before)
        self.assertEqual((player.tick, player.token), (91, "other"))

    def test_it_goes_on_in_another_timeline_whose_ticks_are_lower(self) -> None:
        player = Player()
        player.begin()
        told: list[Any] = []
        player.on_timeline.add(lambda timeline: told.append((timeline, player.tick)))
        player.lost()
        player.opened()
        player.sent.clear()
        player.feed(encode([frames.RESUMED, 5, 0, 0, 0, [2, 4, 0, None]]))
        player.feed(encode([frames.KEYFRAME, 5, frames.ROOM_STREAM, [0, [1, 5, "old"], 1, [1, 3, 7]]]))
        player.feed(encode([frames.TICK_END, 5, 5]))
        self.assertEqual((player.tick, told), (5, [(2, 5)]))
        self.assertEqual([frame[0] for frame in player.sent], [frames.ACK, frames.PING])
        player.lost()
        player.opened()
        self.assertEqual(player.sent[-1][3:], [None, None, "secret", 5, 3, 2])

    def test_inputs_begin_anew_with_a_timeline(self) -> None:
        player = Player()
        for step in read("scenarios/joining.json")["steps"]:
            if "server" in step:
                player.feed(bytes.fromhex(step["hex"]))
        inputs = player._inputs
        press = next(one.name for one in inputs._inputs if not one.is_held)
        inputs.set({press: True})
        inputs.sample(1_000, 1_001, 1_000)
        inputs.restart()
        inputs.set({press: True})
        frame = inputs.sample(60, 61, 60)
        self.assertEqual(frame and frame[1], 61)

    def test_a_welcome_to_the_same_timeline_is_a_fault(self) -> None:
        player = Player()
        player.begin()
        with self.assertRaises(FrameFault):
            player.receive(encode([frames.WELCOME, 0, 90, 0, None, 1, 0, 1, "k3v9", "other"]))

    def test_goodbye_goes_out_last_and_nothing_after_it(self) -> None:
        player = Player()
        player.begin()
        self.assertTrue(player.leave())
        self.assertEqual(player.sent[-1], [frames.LEAVE])
        player.feed(encode([frames.TICK_END, 31, 10]))
        self.assertEqual(player.sent[-1], [frames.LEAVE])
        self.assertIsNone(player.call(frames.MESSAGE, 0, None))


class Sending(unittest.TestCase):
    def test_what_the_server_would_refuse_raises_with_its_place(self) -> None:
        for value, place in (
            (math.nan, "payload: nan is not finite"),
            ({"a": [1, 2**53]}, r"payload\.a\[1\]: \d+ is beyond 53 bits"),
            ({1: 2}, "payload: the key 1 is no text"),
            ("\ud800", "payload: a text has lone surrogates"),
            ({"a": {1, 2}}, r"payload\.a: set cannot be sent"),
        ):
            with self.assertRaisesRegex(TypeError, place):
                assert_sendable(value, "payload")
        assert_sendable({"a": [None, True, 1.5, "x", b"y", -(2**53) + 1]}, "payload")

    def test_a_bot_gives_what_inputs_hold(self) -> None:
        chance = random.Random(1)
        for vectors in read("values.json")["fields"]:
            codec = field_codec(vectors["type"])
            for _ in range(20):
                self.assertTrue(codec.accepts(codec.quantise(random_value(vectors["type"], chance))))


class Addresses(unittest.TestCase):
    def test_http_stands_for_ws_and_a_room_for_its_game(self) -> None:
        self.assertEqual(_socket_url("https://play.test/arena?map=a#x"), "wss://play.test/arena?map=a")
        self.assertEqual(_room_url("ws://h/arena?map=a", "k3v9"), "ws://h/arena/k3v9?map=a")
        self.assertEqual(_room_url("ws://h/arena/k3v9", "k3v9"), "ws://h/arena/k3v9")
        for url in ("arena", "ftp://h/arena", "ws:///arena"):
            with self.assertRaisesRegex(ValueError, "is no address of a room"):
                _socket_url(url)

    def test_nobody_there_is_told_as_such(self) -> None:
        with self.assertRaises(ConnectError) as raised:
            asyncio.run(connect("ws://127.0.0.1:9/arena"))
        self.assertEqual(raised.exception.close.name, "abnormal")


if __name__ == "__main__":
    unittest.main()
