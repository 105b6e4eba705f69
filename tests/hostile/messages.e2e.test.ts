import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { encode } from "../../shared/protocol/codec.ts";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import { Besieged, UNHARMED } from "../server-kit/besieged.ts";
import { framesOf, hello, joinRaw, lastTickOf, sendFrame } from "../server-kit/raw-player.ts";
import { type RawSocket, wsFrame } from "../server-kit/raw-socket.ts";

let besieged: Besieged;
beforeAll(async () => {
  besieged = await Besieged.start();
});
afterEach(() => expect(besieged.unharmed).toBe(true));
afterAll(async () => {
  expect(await besieged.afterwards()).toEqual(UNHARMED);
  expect(await besieged.stop()).toBeLessThanOrEqual(0);
});

const join = () => joinRaw(besieged.port, `/probe/${besieged.roomId}`);
const bytes = (...values: (number | readonly number[] | Uint8Array)[]): Uint8Array =>
  Uint8Array.from(values.flatMap((value) => (typeof value === "number" ? [value] : [...value])));
const filled = (count: number, value: number) => new Uint8Array(count).fill(value);
const text = (value: string) => [0xa0 + value.length, ...Buffer.from(value)];

/** An array around it that begins like a ping with a stamp, so that only what is behind is at fault. */
const ping = (...value: (number | readonly number[] | Uint8Array)[]) => bytes(0x93, 4, 1, ...value);

describe("[HOS-11] MessagePack that is a weapon closes with 4702, as fast as any other message", () => {
  test.concurrent.each<[what: string, message: Uint8Array]>([
    ["nothing", bytes()],
    ["the reserved byte", bytes(0xc1)],
    ["16 KB of nested arrays", filled(16_384, 0x91)],
    ["16 KB of nested maps", filled(16_384, 0x81)],
    ["nine arrays in each other", ping(filled(8, 0x91), 0)],
    ["an array of 2^32 - 1", bytes(0xdd, filled(4, 0xff))],
    ["a map of 2^32 - 1", bytes(0xdf, filled(4, 0xff))],
    ["a text of 2^32 - 1", bytes(0xdb, filled(4, 0xff))],
    ["binary of 2^32 - 1", bytes(0xc6, filled(4, 0xff))],
    ["many arrays that promise much", ping(...Array.from({ length: 100 }, () => [0xdc, 0xff, 0xff]))],
    ["5,000 values", bytes(0xdc, 0x13, 0x88, filled(5_000, 0xc0))],
    ["two messages in one", bytes(encode([ClientFrame.ping, 1]), encode([ClientFrame.ping, 2]))],
    ["a byte behind the message", bytes(encode([ClientFrame.ping, 1]).slice(), 0xc0)],
    ["a record's definition", ping(0xd4, 0x72, 0x40, 0x91, text("a"), 1)],
    ["a structured clone's pointer", ping(0xd6, 0x70, filled(4, 0))],
    ["nested pointers with a byte behind", bytes(filled(400, 0xd6), 0x70, 0)],
    ["a regular expression", ping(0xd4, 0x78, 0x92, text("(a+)+$"), text(""))],
    ["an error", ping(0xd4, 0x65, 0x93, text("E"), text("m"), 0xc0)],
    ["a typed array", ping(0xd5, 0x74, 1, 1)],
    ["a timestamp", ping(0xd6, 0xff, 1, 2, 3, 4)],
    ["NaN", bytes(0x92, 4, 0xcb, 0x7f, 0xf8, filled(6, 0))],
    ["infinity", bytes(0x92, 4, 0xcb, 0x7f, 0xf0, filled(6, 0))],
    ["2^63", bytes(0x92, 4, 0xcf, 0x80, filled(7, 0))],
    ["-2^63", bytes(0x92, 4, 0xd3, 0x80, filled(7, 0))],
    ["text that is no UTF-8", ping(0xa1, 0xff)],
    ["a lone surrogate", ping(0xa3, 0xed, 0xa0, 0x80)],
    ["the key __proto__", ping(0x81, text("__proto__"), 0x80)],
    ["a key that is a number", ping(0x81, 1, 1)],
    ["a key that is an array", ping(0x81, 0x90, 1)],
    ["a map instead of an array", bytes(0x81, text("0"), 4)],
  ])("%s", async (_, message) => {
    const raw = await join();
    raw.send({ payload: message });
    await raw.untilEnded();
    expect(raw.closeCode).toBe(4702);
  });
});

/** What a player may do wrong: the code that it ends with, or that it plays on. */
const wrongs: readonly [what: string, outcome: number | "plays on", frames: (tick: number) => unknown[][]][] =
  [
    ["a second hello", 4702, () => [[...hello()]]],
    ["a number of a message left out", 4702, () => [[2, 2, 0, { text: "hi" }]]],
    ["a message again", 4702, () => Array(2).fill([2, 1, 0, { text: "hi" }])],
    ["a message that there is not", 4702, () => [[2, 1, 99, {}]]],
    ["a message of a place below 0", 4702, () => [[2, 1, -1, {}]]],
    ["a request of a place that is no number", 4702, () => [[3, 1, "constructor", {}]]],
    ["65 messages at once", 4203, () => Array.from({ length: 65 }, (_, i) => [2, i + 1, 0, { text: "hi" }])],
    [
      "64 messages at once",
      "plays on",
      () => Array.from({ length: 64 }, (_, i) => [2, i + 1, 0, { text: "hi" }]),
    ],
    [
      "three messages that are not what the game takes",
      4703,
      () => [1, 2, 3].map((n) => [2, n, 0, { text: n }]),
    ],
    [
      "a message with a player's id, which is not asked for",
      "plays on",
      () => [[2, 1, 0, { text: "hi", player: 1 }, 1]],
    ],
    ["an input for the past", "plays on", () => [[1, 1, 0, 5, false]]],
    ["an input for tick 0", "plays on", () => [[1, 0, 0, 5, false]]],
    ["an input for tick 2^53 - 1", "plays on", () => [[1, Number.MAX_SAFE_INTEGER, 0, 5, false]]],
    ["an input for a tick below 0", 4702, () => [[1, -1, 0, 5, false]]],
    ["an input for half a tick", 4702, (tick) => [[1, tick + 0.5, 0, 5, false]]],
    ["an input that is too much", 4702, (tick) => [[1, tick + 1, tick, 5, false, 7]]],
    ["an input out of range", 4702, (tick) => [[1, tick + 1, tick, 40_000, false]]],
    ["an input of another type", 4702, (tick) => [[1, tick + 1, tick, "5", false]]],
    ["the same input 200 times", "plays on", (tick) => Array(200).fill([1, tick + 2, tick, 5, true])],
    ["inputs in disorder", "plays on", (tick) => [9, 3, 7, 5, 8].map((n) => [1, tick + n, tick, n, false])],
    [
      "2,000 inputs at once",
      4203,
      (tick) => Array.from({ length: 2_000 }, (_, i) => [1, tick + i, tick, 5, false]),
    ],
    ["an ack of a tick to come", 4702, (tick) => [[5, tick + 1_000]]],
    ["an ack of 2^53 - 1", 4702, () => [[5, Number.MAX_SAFE_INTEGER]]],
    ["an ack of a tick below 0", 4702, () => [[5, -1]]],
    ["a ready that nobody asked for", 4702, (tick) => [[7, tick]]],
    ["leaving twice", 4500, () => [[6], [6]]],
    ["a message behind leaving", 4500, () => [[6], [2, 1, 0, { text: "hi" }]]],
    [
      "ten kinds of frames that there are not",
      4702,
      () => [10, 11, 12, -1, 255, 2 ** 40].map((type) => [type]),
    ],
  ];

describe("[HOS-12] a player who misuses the protocol is closed for what it is, or what was sent is ignored", () => {
  test.concurrent.each(wrongs)("%s: %s", async (_, outcome, frames) => {
    const raw = await join();
    const from = lastTickOf(raw);
    raw.write(Buffer.concat(frames(from).map((frame) => wsFrame({ payload: encode(frame).slice() }))));
    await raw.until(() => raw.ended || lastTickOf(raw) >= from + 3);
    expect(raw.ended ? raw.closeCode : "plays on").toBe(outcome);
    raw.destroy();
  });

  test("nobody moves another's row: a foreign input says whose it is by its connection alone", async () => {
    const [mallory, ada] = [await join(), await join()];
    sendFrame(mallory, [ClientFrame.input, lastTickOf(mallory) + 2, lastTickOf(mallory), 100, false]);
    const until = lastTickOf(ada) + 5;
    await ada.until(() => lastTickOf(ada) >= until);
    expect(movedRows(ada)).toEqual([rowOf(mallory)]);
    mallory.destroy();
    ada.destroy();
  });
});

function rowOf(raw: RawSocket): unknown {
  return framesOf(raw, "welcome")[0]?.[6];
}

/** Rows of players of which a tick said more than that they came. */
function movedRows(raw: RawSocket): unknown[] {
  const rows = framesOf(raw, "tickEnd").flatMap(([, , , tables]) => {
    const flat = (Array.isArray(tables) && tables[0] === 0 ? tables[1] : []) as unknown[];
    const [row, header] = flat as (number | undefined)[];
    // An odd header is a row that entered.
    return row !== undefined && (header ?? 1) % 2 === 0 ? [row] : [];
  });
  return [...new Set(rows)];
}
