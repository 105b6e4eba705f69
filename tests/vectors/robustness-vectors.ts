import { defineGame, record, table, text, u8, visibleTo } from "../../shared/game.ts";
import { encode } from "../../shared/protocol/codec.ts";
import { PROTOCOL_VERSION, ServerFrame } from "../../shared/protocol/frames.ts";
import { hexOf, type Verdict } from "./vector-format.ts";

export const tiny = defineGame({
  name: "tiny",
  tickRate: 20,
  state: {
    rows: table({ n: u8, word: visibleTo("room", text(8)), x: u8, y: u8 }, { position: ["x", "y"] }),
    note: record({ n: u8 }),
  },
  events: { said: { n: u8 } },
});

const OWN = 1;
/** Rows: word is the room's (bit 1), the rest is for those in sight. */
const SIGHT = 0b1101;
const entered = (mask: number): number => mask * 2 + 1;
const changed = (mask: number): number => mask * 2;
const { definition, welcome, keyframe, delta, tickEnd, pong, pause, resumed } = ServerFrame;

/** Joined at tick 10: row 1 is in sight in the cell whose stream is 4. */
export const before: readonly (readonly unknown[])[] = [
  [definition, PROTOCOL_VERSION, tiny.hash, tiny.description],
  [welcome, 0, 9, 0, null, 1, 0, OWN, "k3v9", "secret"],
  [keyframe, 10, 0, [0, [1, entered(0b10), "one"], 1, [1, entered(1), 5]]],
  [keyframe, 10, OWN, []],
  [keyframe, 10, 4, [0, [1, entered(SIGHT), 3, 0, 0]]],
  [tickEnd, 10, 10],
];

const row = { n: 3, word: "one", x: 0, y: 0 };
const held = { rows: { 1: row }, note: { n: 5 } };

interface Case {
  readonly name: string;
  readonly verdict: Verdict;
  readonly frames: readonly (readonly unknown[] | Uint8Array)[];
  /** After all frames, where they are taken. */
  readonly tick?: number;
  readonly state?: unknown;
}

const end = (tick = 11, base = tick - 1, ...parts: unknown[]) => [tickEnd, tick, base, ...parts];
const raw = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

export const cases: readonly Case[] = [
  taken("an unknown type of frame", [[99, "whatever"], end()], held),
  taken("a frame of an unknown type without parts", [[42], end()], held),
  taken(
    "a tick with a part more than is known",
    [end(11, 10, [1, [1, changed(1), 6]], [], [], null, { new: 1 })],
    {
      ...held,
      note: { n: 6 },
    },
  ),
  taken(
    "a delta and a keyframe with parts more than are known",
    [
      [delta, 11, 10, 4, [0, [1, changed(1), 8]], [], [], [], [], [], "new"],
      [keyframe, 11, 6, [0, [2, entered(SIGHT), 1, 2, 3]], 0, "new"],
      end(11, 10, [0, [2, entered(0b10), "two"]]),
    ],
    { ...held, rows: { 1: { ...row, n: 8 }, 2: { n: 1, word: "two", x: 2, y: 3 } } },
  ),
  taken("a pong with a part more", [[pong, 0, 5, 0, null, "new"], end()], held),
  taken(
    "parts that are nil instead of empty",
    [[delta, 11, 10, OWN, null, null, null, null, null, null], end(11, 10, null, null, null, null)],
    held,
  ),
  taken("a base before one's own tick: values are absolute", [end(11, 4, [1, [1, changed(1), 9]])], {
    ...held,
    note: { n: 9 },
  }),
  taken("a tick that follows none: late rooms publish the last alone", [end(14, 10)], held, 14),
  taken(
    "a keyframe makes up for what its stream's base is after",
    [[keyframe, 11, 7, []], [delta, 11, 11, 7, [0, [2, entered(SIGHT), 1, 2, 3]]], end()],
    { ...held, rows: { ...held.rows, 2: { n: 1, x: 2, y: 3 } } },
  ),
  taken(
    "a keyframe of a held stream says the whole stream",
    [[keyframe, 11, 4, [0, [2, entered(SIGHT), 1, 2, 3]]], end(11, 10, [0, [2, entered(0b10), "two"]])],
    { ...held, rows: { 1: { word: "one" }, 2: { n: 1, word: "two", x: 2, y: 3 } } },
  ),
  taken(
    "a stream that is released: its fields are unknown",
    [[delta, 11, 10, OWN, [], [], [], [], [], [4]], end()],
    {
      ...held,
      rows: { 1: { word: "one" } },
    },
  ),
  taken(
    "what enters a stream that is released in the same tick was never seen",
    [
      [delta, 11, 10, 4, [0, [3, entered(SIGHT), 1, 2, 3]]],
      [delta, 11, 10, OWN, [], [], [], [], [], [4]],
      end(),
    ],
    { ...held, rows: { 1: { word: "one" } } },
  ),
  taken("a leave of a row that is not held", [[delta, 11, 10, 4, [], [0, 77, 0]], end()], held),
  taken("a row that is gone for good", [[delta, 11, 10, 4, [], [0, 1, 0]], end(11, 10, [], [0, 1, 0])], {
    ...held,
    rows: {},
  }),
  taken(
    "a row that leaves one stream and enters another in a tick stays",
    [[delta, 11, 10, 4, [], [0, 1, 7]], [delta, 11, 10, 6, [0, [1, entered(SIGHT), 4, 9, 9]]], end()],
    { ...held, rows: { 1: { n: 4, word: "one", x: 9, y: 9 } } },
  ),
  taken(
    "a resync from nothing: what has no keyframe is followed no more",
    [
      [resumed, 12, 0, 0, 10],
      [keyframe, 12, OWN, []],
      [keyframe, 12, 0, [0, [1, entered(0b10), "one"], 1, [1, entered(1), 6]]],
      end(12, 12),
    ],
    { rows: { 1: { word: "one" } }, note: { n: 6 } },
    12,
  ),
  taken(
    "a resync builds upon what is held",
    [[resumed, 15, 10, 0, 0], [delta, 15, 10, 4, [0, [1, changed(1), 9]]], end(15, 10)],
    { ...held, rows: { 1: { ...row, n: 9 } } },
    15,
  ),
  taken(
    "integers of eight bytes",
    [raw(0x93, 0x04, 0xcf, 0, 0, 0, 0, 0, 0, 0, 11, 0xcf, 0, 0, 0, 0, 0, 0, 0, 10)],
    held,
  ),

  gap("a tick whose base is after what is held", [end(13, 12)]),
  gap("a delta whose base is after what is held", [[delta, 12, 11, 4, [0, [1, changed(1), 8]]]]),
  gap("a delta of a stream that never had a keyframe, from a later base", [[delta, 12, 11, 8, []]]),

  bad("no bytes", raw()),
  bad("bytes that are cut short", raw(0x93, 0x04, 0xcd, 0x01)),
  bad("more than one value", raw(0x93, 0x04, 11, 10, 0x01)),
  bad("no array", raw(0x81, 0x00, 0x01)),
  bad("an array without a type", raw(0x90)),
  bad("a type that is a text", ["tickEnd", 11, 10]),
  bad("a tick that is a text", [tickEnd, "11", 10]),
  bad("a tick below zero", [tickEnd, -1, 10]),
  bad("a tick with a fraction", [tickEnd, 11.5, 10]),
  bad("rows that are no list", [tickEnd, 11, 10, 7]),
  bad("a frame that is too short", [tickEnd, 11]),
  bad("a tick that has closed already", end(10, 9)),
  bad("a keyframe of an older tick", [keyframe, 8, 4, []]),
  bad("a table that the game does not have", end(11, 10, [9, [1, 3, 1]])),
  bad("a change of a row that never entered", end(11, 10, [0, [5, changed(0b10), "five"]])),
  bad("a row whose values are cut short", end(11, 10, [0, [1, changed(0b10)]])),
  bad("a row without a header", end(11, 10, [0, [1]])),
  bad("an event that the game does not have", end(11, 10, [], [], [[1, 5, 1]])),
  bad("a tick that closes behind frames of a later one", [delta, 13, 10, 4, []], end(11, 10)),
  bad("a second welcome", [welcome, 0, 9, 0, null, 1, 0, OWN, "k3v9", "secret"]),
  bad("a definition that nobody asked for", [definition, PROTOCOL_VERSION, tiny.hash, tiny.description]),
  bad("a pause at another tick", [pause, 9]),
  bad("a resync from another tick", [resumed, 12, 9, 0, 0]),
];

function taken(name: string, frames: Case["frames"], state: unknown, tick = 11): Case {
  return { name, verdict: "taken", frames, tick, state };
}

function gap(name: string, frames: Case["frames"]): Case {
  return { name, verdict: "gap", frames };
}

function bad(name: string, ...frames: Case["frames"]): Case {
  return { name, verdict: "bad-frame", frames };
}

export const bytesOfFrame = (frame: readonly unknown[] | Uint8Array): Uint8Array =>
  frame instanceof Uint8Array ? frame : encode(frame).slice();

export function robustnessVectors() {
  return {
    before: before.map((frame) => ({ hex: hexOf(bytesOfFrame(frame)) })),
    cases: cases.map(({ frames, ...rest }) => ({
      ...rest,
      frames: frames.map((frame) => hexOf(bytesOfFrame(frame))),
    })),
  };
}
