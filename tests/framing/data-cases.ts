import { wsFrame } from "../server-kit/raw-socket.ts";
import { bytes, type FramingCase, frame, message, messageOf, row, unfinished } from "./framing-case.ts";

const CURT = "1002: it ends without a word";
const answered = { answers: 2 };
const head = message.subarray(0, 1);
const rest = message.subarray(1);
const zeros = (count: number) => new Uint8Array(count);

export const lengthCases: readonly FramingCase[] = [
  row("a small message", frame("binary", message), answered),
  row("an empty message, which is no frame of the protocol", frame("binary"), 4702),
  ...[300, 1_000, 16_383, 16_384].map((n) => row(`${n} bytes`, frame("binary", messageOf(n)), answered)),
  row("the limit and one byte", frame("binary", zeros(16_385)), 1009),
  row("a length of 64 bits over the limit", frame("binary", zeros(70_000)), 1009),
  row("far over the limit", frame("binary", zeros(200_000)), "cut", { differs: "1009: never read" }),
  row("16 bits for a small length", frame("binary", message, { lengthBytes: 2 }), answered, {
    differs: "1002: not the shortest form; as harmless as leading zeros",
  }),
  row("64 bits for a small length", frame("binary", message, { lengthBytes: 8 }), answered, {
    differs: "1002: not the shortest form; as harmless as leading zeros",
  }),
  row("2^32 + 3", wsFrame({ claims: 2n ** 32n + 3n, lengthBytes: 8 }), "cut", { differs: "1009" }),
  row("2^53", wsFrame({ claims: 2n ** 53n, lengthBytes: 8 }), "cut", { differs: "1009" }),
  row("2^63, whose highest bit must be 0", wsFrame({ claims: 2n ** 63n, lengthBytes: 8 }), "cut", {
    differs: CURT,
  }),
  row("2^64 - 1", wsFrame({ claims: 2n ** 64n - 1n, lengthBytes: 8 }), "cut", { differs: CURT }),
];

/** uWebSockets.js does not look at the mask's bit: it takes four bytes of the payload for the mask. */
const UNSEEN = "1002: read as if masked, which makes garbage of it";

export const maskCases: readonly FramingCase[] = [
  row("an unmasked message", frame("binary", message, { masked: false }), 4702, { differs: UNSEEN }),
  row("an unmasked long message", frame("binary", messageOf(1_000), { masked: false }), 4702, {
    differs: UNSEEN,
  }),
  row("an unmasked empty message", frame("binary", "", { masked: false }), 4702, { differs: UNSEEN }),
  row("an unmasked ping", frame("ping", "x", { masked: false }), "silence", {
    differs: UNSEEN,
    pongs: ["Z"],
  }),
  row("an unmasked close", frame("close", bytes(3, 232), { masked: false }), "closes", { differs: UNSEEN }),
];

export const fragmentCases: readonly FramingCase[] = [
  row("two fragments", [frame("binary", head, unfinished), frame("continuation", rest)], answered),
  row(
    "a fragment a byte",
    [...message].map((byte, i) =>
      frame(i === 0 ? "binary" : "continuation", bytes(byte), { fin: i === message.length - 1 }),
    ),
    answered,
  ),
  row(
    "empty fragments around it",
    [
      frame("binary", "", unfinished),
      frame("continuation", "", unfinished),
      frame("continuation", message, unfinished),
      frame("continuation"),
    ],
    answered,
  ),
  row(
    "a ping between fragments",
    [frame("binary", head, unfinished), frame("ping", "between"), frame("continuation", rest)],
    answered,
    { pongs: ["between"] },
  ),
  row(
    "a pong between fragments",
    [frame("binary", head, unfinished), frame("pong", "between"), frame("continuation", rest)],
    answered,
  ),
  row("a close between fragments", [frame("binary", head, unfinished), frame("close", bytes(3, 232))], 1000),
  row(
    "3,000 empty fragments",
    [
      frame("binary", "", unfinished),
      ...Array.from({ length: 3_000 }, () => frame("continuation", "", unfinished)),
      frame("continuation", message),
    ],
    answered,
  ),
  row(
    "together over the limit",
    [frame("binary", zeros(10_000), unfinished), frame("continuation", zeros(10_000))],
    1009,
  ),
  row(
    "together far over the limit, without an end",
    Array.from({ length: 20 }, (_, i) =>
      frame(i === 0 ? "binary" : "continuation", zeros(10_000), unfinished),
    ),
    "cut",
    { differs: "1009: never read" },
  ),
  row("a continuation without a start", frame("continuation", message), "cut", { differs: CURT }),
  row("the same, unfinished", frame("continuation", message, unfinished), "cut", { differs: CURT }),
  row(
    "a continuation behind a whole message",
    [frame("binary", message), frame("continuation", message)],
    "cut",
    { differs: CURT },
  ),
  row("a message within another", [frame("binary", head, unfinished), frame("binary", message)], 4702, {
    differs: "1002: put behind the first, which makes no frame of the protocol",
  }),
];

export const reservedCases: readonly FramingCase[] = [
  ...[1, 2, 3, 4, 5, 6, 7].map((rsv) =>
    row(`reserved bits ${rsv} in a message`, frame("binary", message, { rsv }), "cut", { differs: CURT }),
  ),
  ...[1, 2, 4].map((rsv) =>
    row(`reserved bits ${rsv} in a ping`, frame("ping", "", { rsv }), "cut", { differs: CURT }),
  ),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) =>
    row(`opcode ${opcode}`, wsFrame({ opcode, payload: message }), "cut", { differs: CURT }),
  ),
];

export const textCases: readonly FramingCase[] = [
  row("a text, which is not spoken here", frame("text", "hello"), 1003),
  row("an empty text", frame("text"), 1003),
  row(
    "in two fragments, cut within a character",
    [frame("text", bytes(0xc3), unfinished), frame("continuation", bytes(0xa9))],
    1003,
  ),
  ...Object.entries({
    "a lone continuation byte": [0x80],
    "a character cut short": [0xe2, 0x82],
    "an overlong form": [0xc0, 0xaf],
    "a surrogate": [0xed, 0xa0, 0x80],
    "beyond Unicode": [0xf4, 0x90, 0x80, 0x80],
    "0xff": [0xff],
  }).map(([what, payload]) =>
    row(`no UTF-8: ${what}`, frame("text", bytes(...payload)), "cut", {
      differs: "1007: it ends without a word",
    }),
  ),
];
