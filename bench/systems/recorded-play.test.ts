import { describe, expect, test } from "vitest";
import { GameServer } from "../../server/game-server.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import { encode } from "../../shared/protocol/codec.ts";
import { ClientFrame, ServerFrame } from "../../shared/protocol/frames.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { frameType } from "../load/frame-head.ts";
import { Shadow } from "../load/shadow.ts";
import { crowd } from "../scenarios/crowd.ts";
import { SteeringScript } from "../scenarios/steering-script.ts";
import { frameOfTick } from "./recorded-frame.ts";
import { type RecordedPlay, recordPlay } from "./recorded-play.ts";
import { sightHashes } from "./sight-hashes.ts";

const CLIENTS = 40;
const HZ = 20;
const TICKS = 60;
const SEED = 7;
const variant = { layout: "clustered", sight: "near" } as const;
const script = new SteeringScript({ clients: CLIENTS, hz: HZ });

/** A whole server in memory, and what each of its players received from the first steered tick on. */
async function played() {
  const clock = new ManualClock();
  const transport = new MemoryTransport({ clock });
  const definition = crowd.room(HZ, CLIENTS, variant);
  const server = new GameServer({
    rooms: [definition],
    transport,
    clock,
    roomId: () => "bench",
    secret: () => "secret",
    seed: () => SEED,
  });
  await server.listen({ host: "memory", port: 0 });
  await server.matchmaker.create({ game: "crowd", options: undefined });
  const received: Uint8Array[][] = Array.from({ length: CLIENTS }, () => []);
  const shadows = received.map(() => new Shadow(gameLayout(definition.game.description)));
  const sockets = received.map((frames, number) => {
    const socket = transport.connect("/crowd/bench", {
      opened: () => socket.send(encode([ClientFrame.hello, 1, definition.game.hash, { number }])),
      received: (bytes) => {
        frames.push(bytes.slice());
        shadows[number]?.take(bytes);
      },
      closed: () => {},
    });
    return socket;
  });
  await clock.run(500);
  const room = server.matchmaker.rooms.get("bench") as RoomCore;
  for (const frames of received) frames.length = 0;
  const firstTick = room.tick + 1;
  const wrong: string[] = [];
  for (let n = 0; n < TICKS; n++) {
    const [from, to] = script.changersAt(n);
    for (let client = from; client < to; client++) {
      const heading = script.headingOf(client, script.changeAt(client, n) ?? 0);
      sockets[client]?.send(encode([ClientFrame.input, firstTick + n, room.tick, heading]));
    }
    await clock.run(1000 / HZ);
    const hashes = sightHashes(room.state, [...room.seats]);
    [...room.seats].forEach(({ id }, client) => {
      if (shadows[client]?.replica.hash() !== hashes.get(id))
        wrong.push(`client ${client}, tick ${room.tick}`);
    });
  }
  const ticks = room.tick - firstTick + 1;
  const sizes = shadows.map(({ replica }) => replica.rows(replica.layout.tables[0] as never).size);
  const all = received.map((frames) => [...frames]);
  const stopped = server.stop();
  await clock.run(2000);
  await stopped;
  return { received: all, firstTick, ticks, wrong, sizes };
}

/** What clients of a server receive that does what was recorded. */
function replayed({ subscriptions, ticks }: RecordedPlay, firstTick: number): Uint8Array[][] {
  const received: Uint8Array[][] = subscriptions.map(() => []);
  const topics = subscriptions.map((all) => new Set(all));
  ticks.forEach((calls, n) => {
    for (const call of calls)
      switch (call.kind) {
        case "publish":
          topics.forEach((followed, client) => {
            if (followed.has(call.topic)) received[client]?.push(frameOfTick(call.frame, firstTick + n));
          });
          break;
        case "send":
          received[call.client]?.push(frameOfTick(call.frame, firstTick + n));
          break;
        case "subscribe":
          topics[call.client]?.add(call.topic);
          break;
        case "unsubscribe":
          topics[call.client]?.delete(call.topic);
      }
  });
  return received;
}

describe("recorded play", () => {
  test("[BEN-29] replayed in other ticks, it is byte for byte what each of a server's players gets", async () => {
    const { received, firstTick, ticks } = await played();
    const play = recordPlay({
      definition: crowd.room(HZ, CLIENTS, variant),
      seed: SEED,
      script,
      joinOf: (number) => ({ number }),
      ticks,
    });
    const again = replayed(play, firstTick);
    let keyframes = 0;
    received.forEach((frames, client) => {
      expect(frames.length).toBeGreaterThanOrEqual(ticks);
      expect(Buffer.concat(frames)).toEqual(Buffer.concat(again[client] ?? []));
      keyframes += frames.filter((bytes) => frameType(bytes, 0) === ServerFrame.keyframe).length;
    });
    // Somebody crossed a border, or there would be little to see.
    expect(keyframes).toBeGreaterThan(20);
  });

  test("[BEN-30] a sight's hash is that of its player's shadow, after every tick", async () => {
    const { wrong, sizes } = await played();
    expect(wrong).toEqual([]);
    expect(Math.min(...sizes)).toBeLessThan(CLIENTS);
    expect(Math.max(...sizes)).toBeGreaterThan(5);
  });
});
