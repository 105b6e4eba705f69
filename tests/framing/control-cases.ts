import { closePayload } from "../server-kit/raw-socket.ts";
import { bytes, type FramingCase, frame, message, row, unfinished } from "./framing-case.ts";

const CURT = "1002: it ends without a word";
const alive = { answers: 1 };

export const controlCases: readonly FramingCase[] = [
  row("a ping", frame("ping", "hello"), alive, { pongs: ["hello"] }),
  row("an empty ping", frame("ping"), alive, { pongs: [""] }),
  row("a ping of 125 bytes", frame("ping", "a".repeat(125)), alive, { pongs: ["a".repeat(125)] }),
  row("a ping that is no text", frame("ping", bytes(0xff, 0)), alive, { pongs: ["\ufffd\0"] }),
  row(
    "ten pings",
    [..."0123456789"].map((digit) => frame("ping", digit)),
    alive,
    { pongs: [..."0123456789"] },
  ),
  row("a pong that nobody asked for", frame("pong", "hello"), alive),
  ...(["ping", "pong", "close"] as const).flatMap((name) => [
    row(`a ${name} of 126 bytes`, frame(name, new Uint8Array(126)), "cut", { differs: CURT }),
    row(`a ${name} in two fragments`, [frame(name, "x", unfinished), frame("continuation", "y")], "cut", {
      differs: CURT,
    }),
    row(`a ${name} with a length of 16 bits`, frame(name, "xy", { lengthBytes: 2 }), "cut", {
      differs: CURT,
    }),
  ]),
];

const closing = (code: number, reason: Uint8Array | string = "") =>
  frame("close", closePayload(code, reason));

/** Both lists of uWebSockets.js are older than the registry; it answers such a close with an empty one. */
const UNKNOWN = "the same code: it is taken for one that must not be sent";
const EMPTY = "1002: it is answered with an empty close frame";

export const closeCases: readonly FramingCase[] = [
  row("without a code", frame("close"), 1005),
  row("of one byte", frame("close", bytes(3)), 1005, { differs: EMPTY }),
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 4000, 4500, 4999].map((code) =>
    row(`with ${code}`, closing(code), code),
  ),
  ...[1012, 1013, 1014, 3000, 3999].map((code) =>
    row(`with ${code}`, closing(code), 1005, { differs: UNKNOWN }),
  ),
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) =>
    row(`with ${code}, which must not be sent`, closing(code), 1005, { differs: EMPTY }),
  ),
  row("with a reason", closing(1000, "bye"), 1000),
  row("with a reason of 123 bytes", closing(1000, "x".repeat(123)), 1000),
  row("with a reason that is no UTF-8", closing(1000, bytes(0xff, 0xfe)), 1005, {
    differs: "1007: it is answered with an empty close frame",
  }),
  row("and then a message, which is not heard", [closing(1000), frame("binary", message)], 1000),
  row("and then a ping, which is not answered", [closing(1000), frame("ping", "late")], 1000),
  row("twice: the first counts", [closing(1000), closing(1001)], 1000),
];
