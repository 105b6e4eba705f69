import { encode } from "../../shared/protocol/codec.ts";
import { ClientFrame, ServerFrame } from "../../shared/protocol/frames.ts";
import { hexOf, plain } from "./vector-format.ts";

const hex = (value: unknown): string => hexOf(encode(value));

/** MessagePack as the server writes it, as it may come as well, and what the server refuses of a client. */
export function messagepackVectors() {
  const written: readonly unknown[] = [
    null,
    true,
    false,
    0,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    4_294_967_295,
    4_294_967_296,
    2 ** 53 - 1,
    -1,
    -32,
    -33,
    -128,
    -129,
    -32_768,
    -32_769,
    -2_147_483_648,
    -2_147_483_649,
    0.5,
    -1.25,
    1e300,
    "",
    "é",
    "🙂",
    "a".repeat(31),
    "a".repeat(32),
    "a".repeat(256),
    new Uint8Array(),
    Uint8Array.of(1, 2, 3),
    [],
    [1, [2, [3]]],
    Array.from({ length: 16 }, (_, n) => n),
    {},
    { a: 1, b: [null, { c: "d" }] },
  ];
  return {
    written: written.map((value) => ({ value: plain(value), hex: hex(value) })),
    alike: [
      { value: 1, hex: "cf0000000000000001" },
      { value: 1, hex: "d30000000000000001" },
      { value: 1, hex: "ce00000001" },
      { value: -1, hex: "d3ffffffffffffffff" },
      { value: 0.5, hex: "ca3f000000" },
      { value: "a", hex: "db0000000161" },
      { value: [1], hex: "dd0000000101" },
      { value: { a: 1 }, hex: "df00000001a16101" },
    ],
    refused: [
      { why: "empty", hex: "" },
      { why: "truncated", hex: "92" },
      { why: "truncated", hex: "a561" },
      { why: "truncated", hex: "ddffffffff" },
      { why: "trailing-bytes", hex: "0101" },
      { why: "too-deep", hex: `${"91".repeat(9)}01` },
      { why: "too-many-values", hex: `dd00001000${"c0".repeat(4_096)}` },
      { why: "extension", hex: "d4ff00" },
      { why: "extension", hex: "d6ff00000000" },
      { why: "reserved-byte", hex: "c1" },
      { why: "bad-utf8", hex: "a1ff" },
      { why: "bad-utf8", hex: "a3eda080" },
      { why: "unsafe-integer", hex: "cf0020000000000000" },
      { why: "not-finite", hex: "cb7ff8000000000000" },
      { why: "not-finite", hex: "ca7f800000" },
      { why: "key-not-text", hex: "810102" },
      { why: "forbidden-key", hex: hex({ ["__proto__"]: 1 }) },
    ],
  };
}

/** What a client sends, by type; `refused` closes with `bad-frame`. */
export function clientFrameVectors() {
  const valid: readonly (readonly [
    keyof typeof ClientFrame,
    Readonly<Record<string, unknown>>,
    readonly unknown[],
  ])[] = [
    ["hello", { protocol: 1, hash: "", join: { name: "Ada" } }, [1, "", { name: "Ada" }]],
    [
      "hello",
      { protocol: 1, hash: "d09e2742e78483db", join: null, ticket: "t" },
      [1, "d09e2742e78483db", null, "t"],
    ],
    ["hello", { protocol: 1, hash: "", join: null, token: "secret" }, [1, "", null, null, "secret"]],
    [
      "hello",
      { protocol: 1, hash: "d09e2742e78483db", join: null, token: "secret", tick: 70, attempt: 3 },
      [1, "d09e2742e78483db", null, null, "secret", 70, 3],
    ],
    [
      "input",
      { tick: 12, viewTick: 10.25, values: [null, 64, true, 7, false] },
      [12, 10.25, null, 64, true, 7, false],
    ],
    ["input", { tick: 12, viewTick: 10, values: [] }, [12, 10]],
    ["message", { sequence: 1, index: 0, payload: { text: "hi" } }, [1, 0, { text: "hi" }]],
    ["message", { sequence: 2, index: 3, payload: null }, [2, 3, null]],
    ["request", { sequence: 3, index: 1, payload: [1, 2] }, [3, 1, [1, 2]]],
    ["ping", { stamp: 1_234.5 }, [1_234.5]],
    ["ack", { tick: 70 }, [70]],
    ["leave", {}, []],
    ["ready", { tick: 70 }, [70]],
    // What a newer client says besides is not looked at.
    ["ack", { tick: 70 }, [70, "more"]],
  ];
  const refused: readonly (readonly [string, unknown])[] = [
    ["no array", { 0: 5, 1: 70 }],
    ["an unknown type", [99, 1]],
    ["no type", []],
    ["a hello without a hash", [0, 1]],
    ["a hello whose token is a number", [0, 1, "", null, null, 7]],
    ["a negative tick", [ClientFrame.ack, -1]],
    ["a tick with a fraction", [ClientFrame.input, 1.5, 1]],
    ["a view that is a text", [ClientFrame.input, 1, "1"]],
    ["a message without a sequence", [ClientFrame.message, null, 0, {}]],
    ["a ping without a stamp", [ClientFrame.ping]],
    ["a ready without a tick", [ClientFrame.ready]],
  ];
  return {
    frames: valid.map(([frame, meaning, parts]) => ({
      frame,
      meaning,
      hex: hex([ClientFrame[frame], ...parts]),
    })),
    refused: refused.map(([why, value]) => ({ why, hex: hex(value) })),
  };
}

/** What a server sends, by type, with its parts by name; a part that is left out is null. */
export function serverFrameVectors() {
  const frames: readonly (readonly [keyof typeof ServerFrame, readonly string[], readonly unknown[]])[] = [
    ["welcome", welcome, [0, 10, 12.5, "a-clock", 1, 2, 3, "k3v9", "secret"]],
    ["welcome", welcome, [0, 10, 12.5, null, 1, 0, 3, "k3v9", null]],
    ["keyframe", keyframe, [11, 4, [0, [1, 7, 5, "a"]]]],
    ["keyframe", keyframe, [11, 9, [], 1]],
    ["delta", delta, [11, 10, 4, [0, [1, 2, 6]]]],
    ["delta", delta, [11, 10, 4, [], [0, 1, 0, 0, 2, 6, 0, 3, -1]]],
    [
      "delta",
      delta,
      [
        11,
        10,
        3,
        [],
        [],
        [[1, 0, 5]],
        [
          [1, 0, { sum: 3 }],
          [2, 1, 0],
          [3, 2],
          [4, 3],
        ],
        [9, 11],
        [4],
      ],
    ],
    ["tickEnd", tickEnd, [11, 10]],
    ["tickEnd", tickEnd, [11, 10, [0, [1, 2, 6]], [], [[2, 0, 7]], [12, 1_950.5]]],
    ["pong", pong, [1_234.5, 99.25]],
    ["pong", pong, [1_234.5, 99.25, 7, -12]],
    ["pause", ["tick"], [11]],
    ["resumed", resumed, [20, 11, 7, 0]],
    ["resumed", resumed, [9, 0, 7, 0, [2, 8, 12.5, "a-clock"]]],
  ];
  return {
    frames: frames.map(([frame, names, parts]) => ({
      frame,
      parts: Object.fromEntries(names.map((name, part) => [name, plain(parts[part])])),
      hex: hex([ServerFrame[frame], ...parts]),
    })),
  };
}

const welcome = ["timeline", "tick", "epoch", "clock", "player", "row", "stream", "room", "token"];
const keyframe = ["tick", "stream", "rows", "audience"];
const delta = ["tick", "base", "stream", "rows", "leaves", "events", "replies", "late", "released"];
const tickEnd = ["tick", "base", "rows", "leaves", "events", "slip"];
const pong = ["stamp", "now", "sequence", "margin"];
const resumed = ["tick", "base", "sequence", "lost", "timeline"];
