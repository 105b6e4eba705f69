import { describe, expect, test } from "vitest";
import { GameServer } from "../../server/game-server.ts";
import { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import type { Game } from "../../shared/definition/game.ts";
import { decodeTrusted, encode } from "../../shared/protocol/codec.ts";
import { ServerFrame, type TickEndFrame } from "../../shared/protocol/frames.ts";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { fanout } from "../scenarios/fanout.ts";
import { recordFrames } from "./recorded-frames.ts";

const SEED = 7;

/** The frames that close ticks, as a player of a whole server has them. */
async function framesOfServer(hz: number, seconds: number): Promise<Map<number, Uint8Array>> {
  const clock = new ManualClock();
  const transport = new MemoryTransport({ clock });
  const definition = fanout.room(hz, 10);
  const server = new GameServer({
    rooms: [definition],
    transport,
    clock,
    roomId: () => "bench",
    secret: () => "secret",
    // Nobody here acknowledges.
    limits: { stallAfterMs: 600_000, stallAtMostMs: 600_000 },
    seed: () => SEED,
  });
  await server.listen({ host: "memory", port: 0 });
  await server.matchmaker.create({ game: "fanout", options: undefined });
  await clock.run(300);
  const frames = new Map<number, Uint8Array>();
  const socket = transport.connect("/fanout", {
    opened: () => socket.send(encode([0, 1, definition.game.hash, null])),
    received: (bytes) => {
      const [type, tick] = decodeTrusted(bytes) as [number, number];
      if (type === ServerFrame.tickEnd) frames.set(tick, bytes.slice());
    },
    closed: () => {},
  });
  await clock.run(seconds * 1000);
  const stopped = server.stop();
  await clock.run(2000);
  await stopped;
  return frames;
}

describe("recorded frames", () => {
  test("[BEN-7] are byte for byte those that a server's players get", async () => {
    const frames = await framesOfServer(20, 2);
    const recorded = recordFrames(fanout.room(20, 10), SEED, 60);
    expect(frames.size).toBeGreaterThan(30);
    for (const [tick, bytes] of frames)
      expect(Buffer.compare(bytes, recorded[tick] ?? new Uint8Array())).toBe(0);
  });

  test("another seed leads to other frames", () => {
    const [a, b] = [SEED, SEED + 1].map((seed) => recordFrames(fanout.room(20, 10), seed, 3));
    expect(Buffer.compare(a?.[3] ?? new Uint8Array(), b?.[3] ?? new Uint8Array())).not.toBe(0);
  });
});

describe("the fan-out scenario", () => {
  test.each([1, 20, 60, 240])(
    "[BEN-8] at %i Hz every tick changes three fields of each of 200 rows",
    (hz) => {
      const frames = recordFrames(fanout.room(hz, 10), SEED, 400);
      for (const bytes of frames.slice(2)) {
        const [, , , rows] = decodeTrusted(bytes) as TickEndFrame;
        const flat = rows?.[1] as number[];
        expect(rows?.length).toBe(2);
        expect(flat.length).toBe(200 * 5);
        // Fields 1 to 3: x, y and heading, in a header that is twice the mask.
        for (let at = 1; at < flat.length; at += 5) expect(flat[at]).toBe(0b1110 * 2);
      }
    },
  );

  test("its game has the rate that is asked for", () => {
    const game: Game = fanout.game(33);
    expect(game.spec.tickRate).toBe(33);
  });
});
