import { describe, expect, test } from "vitest";
import { GameServer } from "../../server/game-server.ts";
import { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import { encode } from "../../shared/protocol/codec.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { fanout } from "../scenarios/fanout.ts";
import { differences } from "./mirror-differences.ts";
import { Shadow } from "./shadow.ts";

/** A server in memory, and a shadow of what one of its players receives, after some seconds. */
async function shadowed(seconds: number) {
  const clock = new ManualClock();
  const transport = new MemoryTransport({ clock });
  const definition = fanout.room(20, 10);
  const server = new GameServer({
    rooms: [definition],
    transport,
    clock,
    roomId: () => "bench",
    secret: () => "secret",
    // Nobody here acknowledges.
    limits: { stallAfterMs: 600_000, stallAtMostMs: 600_000 },
    seed: () => 7,
  });
  await server.listen({ host: "memory", port: 0 });
  const shadow = new Shadow(gameLayout(definition.game.description));
  const hashes: { tick: number; shadow: string; server: string | undefined }[] = [];
  const socket = transport.connect("/fanout", {
    opened: () => socket.send(encode([0, 1, definition.game.hash, null])),
    received: (bytes) => {
      const before = shadow.tick;
      shadow.take(bytes);
      if (shadow.tick !== before)
        hashes.push({
          tick: shadow.tick,
          shadow: shadow.replica.hash(),
          server: server.matchmaker.rooms.get("bench")?.state.hash(),
        });
    },
    closed: () => {},
  });
  await clock.run(seconds * 1000);
  // The room's last tick arrives when the room is gone already.
  const whileItRan = [...hashes];
  const stopped = server.stop();
  await clock.run(2000);
  await stopped;
  return { shadow, hashes: whileItRan };
}

describe("Shadow", () => {
  test("[BEN-16] after every tick its hash is the server's", async () => {
    const { hashes } = await shadowed(2);
    expect(hashes.length).toBeGreaterThan(30);
    for (const { shadow, server } of hashes) expect(shadow).toBe(server);
    expect(new Set(hashes.map(({ shadow }) => shadow)).size).toBe(hashes.length);
  });
});

describe("differences", () => {
  test("[BEN-16] a mirror that reads as the frames say has none; one wrong value, one row more and one less are found", async () => {
    const { shadow } = await shadowed(1);
    const [table] = shadow.replica.layout.tables;
    if (table === undefined) throw new Error("the game has a table");
    const units = new Map(
      [...shadow.replica.rows(table)].map(([id, { values }]) => [
        id,
        Object.fromEntries(
          table.fields.map(({ name, codec }, i) => [name, codec.restore(values[i] ?? null, () => undefined)]),
        ),
      ]),
    );
    const found = () => differences({ state: { units } as never, tick: 9 }, shadow.replica);
    expect(found()).toEqual([]);

    const [first] = [...units.keys()];
    const row = units.get(first ?? 0) ?? {};
    units.set(first ?? 0, { ...row, x: Number(row.x) + 0.1 });
    expect(found()).toEqual([
      expect.stringMatching(/^in tick 9: units\.x of row \d+ is [\d.]+, not [\d.]+$/),
    ]);

    units.set(first ?? 0, row);
    units.set(99_999, row);
    expect(found()).toEqual(["in tick 9: units has 201 rows, not 200"]);

    units.delete(99_999);
    units.delete(first ?? 0);
    expect(found().length).toBe(1 + table.fields.length);
  });
});
