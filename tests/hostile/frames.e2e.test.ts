import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Besieged, UNHARMED } from "../server-kit/besieged.ts";
import { framesOf, joinRaw } from "../server-kit/raw-player.ts";
import { type FrameShape, Opcode, RawSocket, wsFrame } from "../server-kit/raw-socket.ts";

let besieged: Besieged;
/** A server that gives up silent peers as soon as uWebSockets.js can, and one that went silent there at the start. */
let impatient: Besieged;
let vanished: { readonly raw: RawSocket; seconds?: number };
beforeAll(async () => {
  besieged = await Besieged.start();
  impatient = await Besieged.start({ idleTimeoutSeconds: 8, stallAfterMs: 60_000, stallAtMostMs: 60_000 });
  vanished = { raw: await joinRaw(impatient.port) };
  const since = performance.now();
  vanished.raw.socket.on("close", () => {
    vanished.seconds = (performance.now() - since) / 1_000;
  });
});
afterEach(() => expect(besieged.unharmed).toBe(true));
afterAll(async () => {
  expect(await besieged.afterwards()).toEqual(UNHARMED);
  await impatient.stop();
  expect(await besieged.stop()).toBeLessThanOrEqual(0);
});

const zeros = (count: number) => new Uint8Array(count);
const times = (count: number, shape: FrameShape): Uint8Array[] => {
  const frame = wsFrame(shape);
  return Array.from({ length: count }, () => frame);
};
const { continuation, text } = Opcode;

describe("[HOS-9] frames that no client sends end a player's connection, and that one alone", () => {
  test.concurrent.each<[what: string, code: number | undefined, frames: readonly Uint8Array[]]>([
    ["one byte over the limit", 1009, [wsFrame({ payload: zeros(16_385) })]],
    ["a megabyte", undefined, [wsFrame({ payload: zeros(1_048_576) })]],
    ["a declared 2^63", undefined, [wsFrame({ claims: 2n ** 63n, lengthBytes: 8 })]],
    [
      "a declared 2^40, and then a megabyte",
      undefined,
      [wsFrame({ claims: 2n ** 40n, lengthBytes: 8 }), zeros(1_000_000)],
    ],
    [
      "fragments without an end",
      undefined,
      [wsFrame({ fin: false }), ...times(1_000, { opcode: continuation, fin: false, payload: zeros(1_000) })],
    ],
    ["text", 1003, [wsFrame({ opcode: text, payload: Buffer.from("hello") })]],
    ["text that is no UTF-8", undefined, [wsFrame({ opcode: text, payload: Uint8Array.of(0xff) })]],
    ["an unmasked frame", 4702, [wsFrame({ payload: zeros(100), masked: false }), zeros(4)]],
    ["a reserved opcode", undefined, [wsFrame({ opcode: 3 })]],
    ["reserved bits", undefined, [wsFrame({ rsv: 4, payload: zeros(10) })]],
    ["a control frame of 126 bytes", undefined, [wsFrame({ opcode: Opcode.ping, payload: zeros(126) })]],
    ["10,000 pings at once", 4203, times(10_000, { opcode: Opcode.ping })],
    ["10,000 pings of 125 bytes at once", 4203, times(10_000, { opcode: Opcode.ping, payload: zeros(125) })],
    ["10,000 pongs at once", 4203, times(10_000, { opcode: Opcode.pong })],
    ["10,000 empty messages at once", 4702, times(10_000, {})],
    ["noise", undefined, [Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7919 + 0x83) % 251)]],
  ])("%s", async (_, code, frames) => {
    const raw = await joinRaw(besieged.port, `/probe/${besieged.roomId}`);
    raw.write(Buffer.concat(frames));
    await raw.untilEnded();
    expect(raw.closeCode).toBe(code);
  });

  test("a million empty fragments: what comes behind them is still read, and ticks go on meanwhile", async () => {
    const raw = await joinRaw(besieged.port, `/probe/${besieged.roomId}`);
    const before = besieged.tick;
    raw.send({ fin: false });
    const thousand = Buffer.concat(times(1_000, { opcode: continuation, fin: false }));
    for (let n = 0; n < 1_000; n++) {
      if (!raw.socket.write(thousand)) await new Promise((resolve) => raw.socket.once("drain", resolve));
    }
    raw.send({ opcode: continuation, payload: Uint8Array.of(0x91, 6) });
    await raw.untilEnded();
    expect(raw.closeCode).toBe(4500);
    expect(besieged.tick).toBeGreaterThan(before);
  });

  test("thousands of connections' worth of half frames, left open", async () => {
    const half = await Promise.all(Array.from({ length: 100 }, () => RawSocket.open(besieged.port)));
    for (const raw of half) raw.write(wsFrame({ payload: zeros(16_000) }).subarray(0, 15_000));
    await besieged.health();
    for (const raw of half) raw.destroy();
  });
});

test("[HOS-10] a peer that vanished is gone within the idle time, and its seat is free", async () => {
  const { raw } = vanished;
  await raw.untilEnded();
  // uWebSockets.js counts in steps of 4 s.
  expect(vanished.seconds).toBeGreaterThan(4);
  expect(vanished.seconds).toBeLessThan(17);
  expect(framesOf(raw, "tickEnd").length).toBeGreaterThan(20);
  expect(await impatient.afterwards()).toEqual(UNHARMED);
});
