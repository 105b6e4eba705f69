import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { decodeTrusted } from "../../shared/protocol/codec.ts";
import { ServerFrame } from "../../shared/protocol/frames.ts";
import { Besieged, UNHARMED } from "../server-kit/besieged.ts";
import { closePayload, Opcode, RawSocket } from "../server-kit/raw-socket.ts";
import { closeCases, controlCases } from "./control-cases.ts";
import { fragmentCases, lengthCases, maskCases, reservedCases, textCases } from "./data-cases.ts";
import { type FramingCase, frame, message, messageOf, type Outcome, stamped } from "./framing-case.ts";

/** Of the ping that follows each case. */
const LAST = 99;

/** How long somebody who says nothing is waited for. */
const SILENCE_MS = 200;

let besieged: Besieged;
beforeAll(async () => {
  besieged = await Besieged.start();
});
afterEach(() => expect(besieged.faults).toEqual([]));
afterAll(async () => {
  expect(await besieged.afterwards()).toEqual(UNHARMED);
  expect(await besieged.stop()).toBeLessThanOrEqual(0);
});

/** Stamps of pings of the protocol that were answered. */
function answersTo(raw: RawSocket): number[] {
  return raw.frames
    .filter(({ opcode }) => opcode === Opcode.binary)
    .map(({ payload }) => decodeTrusted(payload) as number[])
    .filter(([type]) => type === ServerFrame.pong)
    .map(([, stamp = 0]) => stamp);
}

async function play({ sends, outcome }: FramingCase): Promise<{ outcome: Outcome; pongs: string[] }> {
  const raw = await RawSocket.open(besieged.port);
  raw.write(Buffer.concat([...sends, frame("binary", stamped(LAST))]));
  const settled = raw.until(() => raw.ended || answersTo(raw).includes(LAST));
  if (outcome !== "silence") await settled;
  else await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
  const answers = answersTo(raw);
  const pongs = raw.frames.filter(({ opcode }) => opcode === Opcode.pong);
  raw.destroy();
  return {
    outcome: raw.ended
      ? outcomeOfEnd(raw, outcome)
      : answers.includes(LAST)
        ? { answers: answers.length }
        : "silence",
    pongs: pongs.map(({ payload }) => payload.toString()),
  };
}

function outcomeOfEnd({ closeCode }: RawSocket, expected: Outcome): Outcome {
  if (closeCode === undefined) return "cut";
  return expected === "closes" ? "closes" : closeCode;
}

describe.each([
  ["[FRA-1] a message's length", lengthCases],
  ["[FRA-2] what a client must mask", maskCases],
  ["[FRA-3] fragments", fragmentCases],
  ["[FRA-4] pings, pongs and closes", controlCases],
  ["[FRA-5] what is reserved", reservedCases],
  ["[FRA-6] texts", textCases],
  ["[FRA-7] a close", closeCases],
] as const)("%s", (_, cases) => {
  for (const framing of cases) {
    const { what, outcome, pongs, differs } = framing;
    test(differs === undefined ? what : `${what} (RFC 6455 would have ${differs})`, async () => {
      expect(await play(framing)).toEqual({ outcome, pongs });
    });
  }
});

describe("[FRA-8] bytes may come in any pieces", () => {
  const sends = [frame("binary", message), frame("ping", "hello"), frame("binary", messageOf(300))];
  const whole = Buffer.concat([...sends, frame("binary", stamped(LAST))]);

  test("one by one", async () => {
    const raw = await RawSocket.open(besieged.port);
    for (const byte of whole) {
      raw.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await raw.until(() => answersTo(raw).includes(LAST));
    expect(answersTo(raw)).toEqual([1, 1, LAST]);
    raw.destroy();
  });

  test("in two, cut at any place of the first frames", async () => {
    await Promise.all(
      Array.from({ length: 30 }, async (_, at) => {
        const raw = await RawSocket.open(besieged.port);
        raw.write(whole.subarray(0, at));
        await new Promise((resolve) => setTimeout(resolve, 5));
        raw.write(whole.subarray(at));
        await raw.until(() => answersTo(raw).includes(LAST));
        expect(answersTo(raw)).toEqual([1, 1, LAST]);
        raw.destroy();
      }),
    );
  });
});

test("[FRA-9] frames of the server are unmasked, whole and of known opcodes; its close is the last of them", async () => {
  const raw = await RawSocket.open(besieged.port);
  raw.send({ payload: message });
  raw.send({ opcode: Opcode.ping });
  raw.send({ opcode: Opcode.close, payload: closePayload(4000, "bye") });
  await raw.untilEnded();
  expect(raw.frames.map(({ opcode }) => opcode)).toEqual([Opcode.binary, Opcode.pong, Opcode.close]);
  expect(raw.malformed).toEqual([]);
});

describe("[FRA-10] offers of the handshake are not taken up, and do no harm", () => {
  test.each([
    ["nothing", []],
    ["a subprotocol", ["Sec-WebSocket-Protocol: chat"]],
    ["several subprotocols", ["Sec-WebSocket-Protocol: chat, superchat", "Sec-WebSocket-Protocol: third"]],
    ["compression", ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"]],
    ["unknown extensions", ["Sec-WebSocket-Extensions: x-far-out; a=1, x-other"]],
    ["a broken extension", ['Sec-WebSocket-Extensions: ;;=,"permessage-deflate']],
  ])("%s", async (_, headers) => {
    const raw = await RawSocket.open(besieged.port, "/probe", headers);
    expect(raw.header("sec-websocket-accept")).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    expect(raw.header("sec-websocket-protocol")).toBeUndefined();
    expect(raw.header("sec-websocket-extensions")).toBeUndefined();
    raw.send({ payload: stamped(LAST) });
    await raw.until(() => answersTo(raw).includes(LAST));
    raw.destroy();
  });
});
