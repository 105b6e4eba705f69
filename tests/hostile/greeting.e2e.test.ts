import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { encode } from "../../shared/protocol/codec.ts";
import { ClientFrame, PROTOCOL_VERSION } from "../../shared/protocol/frames.ts";
import { Besieged, UNHARMED } from "../server-kit/besieged.ts";
import { probe } from "../server-kit/probe-game.ts";
import { framesOf, hello, joinRaw, sendFrame, tokenOf } from "../server-kit/raw-player.ts";
import { Opcode, RawSocket, wsFrame } from "../server-kit/raw-socket.ts";

let besieged: Besieged;
beforeAll(async () => {
  besieged = await Besieged.start({ greetingMs: 500 });
});
afterEach(() => expect(besieged.unharmed).toBe(true));
afterAll(async () => {
  expect(await besieged.afterwards()).toEqual(UNHARMED);
  expect(await besieged.stop()).toBeLessThanOrEqual(0);
});

/** The code that a connection ends with, which was sent frames in one write. */
async function codeAfter(
  frames: readonly (readonly unknown[])[],
  path = "/probe",
): Promise<number | undefined> {
  const raw = await RawSocket.open(besieged.port, path);
  raw.write(Buffer.concat(frames.map((frame) => wsFrame({ payload: encode(frame) }))));
  await raw.untilEnded();
  return raw.closeCode;
}

const { hash } = probe;
const deep = (levels: number): unknown => (levels === 0 ? null : [deep(levels - 1)]);

describe("[HOS-6] whatever is no greeting ends with a code of its own", () => {
  test.concurrent.each<[what: string, code: number, frames: readonly (readonly unknown[])[]]>([
    ["an input", 4702, [[ClientFrame.input, 5, 4, 0, false]]],
    ["a message", 4702, [[ClientFrame.message, 1, 0, { text: "hi" }]]],
    ["a request", 4702, [[ClientFrame.request, 1, 0, { a: 1, b: 2 }]]],
    ["an ack", 4702, [[ClientFrame.ack, 1]]],
    ["a ready", 4702, [[ClientFrame.ready, 1]]],
    ["an unknown type", 4702, [[99]]],
    ["leaving at once", 4500, [[ClientFrame.leave]]],
    ["another protocol", 4701, [[ClientFrame.hello, PROTOCOL_VERSION + 1, hash, null]]],
    ["a protocol that is no number", 4702, [[ClientFrame.hello, "1", hash, null]]],
    ["a hash that is no text", 4702, [[ClientFrame.hello, PROTOCOL_VERSION, 7, null]]],
    ["a hash of 10,000 letters, twice", 4702, Array(2).fill([0, PROTOCOL_VERSION, "x".repeat(10_000), null])],
    ["a second hello in the same write", 4702, [hello(), hello()]],
    ["ten hellos in the same write", 4702, Array.from({ length: 10 }, () => hello())],
    ["a message behind the hello", 4702, [hello(), [ClientFrame.message, 1, 0, { text: "hi" }]]],
    ["a name that is no text", 4601, [hello({ name: 5 })]],
    ["a name that is too long", 4601, [hello({ name: "x".repeat(17) })]],
    ["a list for a join", 4601, [hello([])]],
    ["a join that pretends to be a class", 4601, [hello({ constructor: { name: "x" }, toString: 1 })]],
    ["a join as deep as is allowed", 4601, [hello(deep(6))]],
    [
      "a ticket that is no text",
      4702,
      [[ClientFrame.hello, PROTOCOL_VERSION, hash, { name: "x" }, { alg: "none" }]],
    ],
    ["a token that is no text", 4702, [hello(null, 5, 1)]],
  ])("%s: %d", async (_, code, frames) => {
    expect(await codeAfter(frames)).toBe(code);
  });

  test("a text: 1003", async () => {
    const raw = await RawSocket.open(besieged.port);
    raw.send({ opcode: Opcode.text, payload: Buffer.from('{"type":"hello"}') });
    await raw.untilEnded();
    expect(raw.closeCode).toBe(1003);
  });

  test("nothing: 4200, and pings of either kind do not put it off", async () => {
    const raw = await RawSocket.open(besieged.port);
    const pinging = setInterval(() => {
      raw.send({ opcode: Opcode.ping });
      sendFrame(raw, [ClientFrame.ping, 1]);
    }, 50);
    await raw.untilEnded();
    clearInterval(pinging);
    expect(raw.closeCode).toBe(4200);
    expect(framesOf(raw, "pong").length).toBeGreaterThan(3);
  });

  test("asking for the definition and then nothing: 4200", async () => {
    const raw = await RawSocket.open(besieged.port);
    sendFrame(raw, [ClientFrame.hello, PROTOCOL_VERSION, "", null]);
    await raw.untilEnded();
    expect(framesOf(raw, "definition")).toHaveLength(1);
    expect(raw.closeCode).toBe(4200);
  });
});

describe("[HOS-7] rooms and games that there are not", () => {
  test.concurrent.each([
    ["/", 4603],
    ["/chess", 4603],
    ["/__proto__", 4603],
    ["/constructor/x", 4603],
    ["//probe", 4603],
    ["/probe/nowhere", 4604],
    ["/probe/__proto__", 4604],
    ["/probe/%00", 4604],
    ["/probe/..%2f..%2fetc%2fpasswd", 4604],
    ["/probe/%F0%9F%98%80", 4604],
    ["/probe/%E2%80%AE%EF%BB%BF", 4604],
    [`/probe/${"x".repeat(3_000)}`, 4604],
  ])("%s: %d", async (path, code) => {
    expect(await codeAfter([hello()], path)).toBe(code);
  });
});

describe("[HOS-8] a token is a seat's own, and the newest connection has the seat", () => {
  test.each(["", "x", "secret1", "0".repeat(10_000), "__proto__"])(
    "a token that is none changes nothing: 4602 (%j)",
    async (token) => {
      const player = await joinRaw(besieged.port, `/probe/${besieged.roomId}`);
      expect(await codeAfter([hello(null, token, 1)], `/probe/${besieged.roomId}`)).toBe(4602);
      expect(player.ended).toBe(false);
      player.destroy();
    },
  );

  test("a token of a room does not open another", async () => {
    const player = await joinRaw(besieged.port);
    expect(await codeAfter([hello(null, tokenOf(player), 1)], "/probe/nowhere")).toBe(4604);
    expect(player.ended).toBe(false);
    player.destroy();
  });

  test("twenty returns at once: one has the seat, all others are replaced", async () => {
    const path = `/probe/${besieged.roomId}`;
    const player = await joinRaw(besieged.port, path);
    const returning = await Promise.all(
      Array.from({ length: 20 }, () => RawSocket.open(besieged.port, path)),
    );
    for (const raw of returning) sendFrame(raw, hello(null, tokenOf(player), 1));
    const all = [player, ...returning];
    await Promise.race(
      all.map((raw) => raw.until(() => all.filter(({ ended }) => ended).length === returning.length)),
    );
    for (const raw of all) expect(raw.closeCode).toBe(raw.ended ? 4502 : undefined);
    expect((await besieged.health()).players).toBe(2);
    for (const raw of all) raw.destroy();
  });

  test("a returning player who claims a tick to come is told everything anew", async () => {
    const path = `/probe/${besieged.roomId}`;
    const player = await joinRaw(besieged.port, path);
    const raw = await RawSocket.open(besieged.port, path);
    sendFrame(raw, hello(null, tokenOf(player), besieged.tick + 1_000_000));
    await raw.until(() => raw.ended || framesOf(raw, "tickEnd").length > 0);
    await player.untilEnded();
    expect(player.closeCode).toBe(4502);
    expect(framesOf(raw, "resumed")[0]?.[2]).toBe(0);
    expect(framesOf(raw, "keyframe")).toHaveLength(2);
    player.destroy();
    raw.destroy();
  });
});
