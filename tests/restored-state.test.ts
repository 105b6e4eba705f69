import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClientRoom } from "../client/client-room.ts";
import { defineRoom } from "../server/room/define-room.ts";
import type { Focus } from "../server/room/interest.ts";
import type { Room } from "../server/room/room.ts";
import type { RoomCore } from "../server/room/room-core.ts";
import { seededRandom } from "../shared/random/seeded-random.ts";
import type { GroupName } from "../shared/state/groups.ts";
import { MEADOW_CELL, meadow } from "./server-kit/meadow.ts";
import { RestartedWorld } from "./server-kit/restarted.ts";
import { SightWitness } from "./server-kit/sight-witness.ts";

type MeadowRoom = Room<typeof meadow.spec>;

const GROUPS: readonly GroupName[] = ["grey", "brown", "white", 1, 2, "1", "twig", true];
const common = { graceMs: 30_000, emptyForMs: 60_000 } as const;
const rooms = {
  "with interest": defineRoom(meadow, { ...common, interest: { cellSize: MEADOW_CELL } }),
  "without interest": defineRoom(meadow, common),
};

/** Does a few things as the author, whatever the dice say. */
function meddle(room: MeadowRoom, random: () => number): void {
  const { hares, seeds, scores, weather, burrows, nests } = room.state;
  const coordinate = (): number => (random() - 0.5) * 210;
  const one = <T>(of: Iterable<T>): T | undefined => {
    const all = [...of];
    return all[Math.floor(random() * all.length)];
  };
  const clan = (): "grey" | "brown" | undefined => one(["grey", "brown", undefined] as const);
  if (random() < 0.5) seeds.add({ x: coordinate(), y: coordinate(), n: random() * 999, by: one(hares) });
  if (random() < 0.3) scores.add({ n: random() * 999 });
  if (random() < 0.3) burrows.add({ of: one([1, 2, undefined]), n: random() * 99 });
  if (random() < 0.3)
    nests.add({ x: coordinate(), y: coordinate(), of: one(["twig", "", "1"]) ?? "", eggs: 3 });
  for (const table of [seeds, scores, burrows, nests] as const) {
    const row = one<{ readonly id: number }>(table);
    if (row !== undefined && random() < 0.15) (table as { remove(row: unknown): boolean }).remove(row);
  }
  weather.wind = random() * 255;
  for (const { row, groups, ...player } of room.players) {
    row.x += random() * 30 - 15;
    row.y += random() * 30 - 15;
    row.name = `n${Math.floor(random() * 9)}`;
    row.fear = random() * 200;
    row.den = random() * 200;
    row.clan = clan();
    row.plan = random() * 9;
    row.heir = one(hares);
    const name = one(GROUPS) as GroupName;
    if (random() < 0.3) groups.delete(name);
    else if (groups.size < 8) groups.add(name);
    const foci: readonly Focus[] = ["own-row", "everything", { x: coordinate(), y: coordinate() }];
    if (random() < 0.3) player.lookAt(one(foci) as Focus);
  }
}

/** Everything that the author reads, rows that refer to others by their ids. */
function sourcesOf({ state }: RoomCore): unknown {
  return state.layout.tables.map((table) =>
    [...state.rows(table)].map(({ source }) =>
      Object.entries(source).map(([name, value]) =>
        typeof value === "object" && value !== null && "id" in value ? [name, value.id] : [name, value],
      ),
    ),
  );
}

async function play(kind: keyof typeof rooms, seed: number, how: "stop" | "crash") {
  const random = seededRandom(seed);
  const world = new RestartedWorld();
  await world.start(rooms[kind]);
  const clients: ClientRoom<typeof meadow.spec>[] = [];
  for (let n = 0; n < 4; n++) clients.push((await world.connect(meadow, "/meadow")).room);
  const [first] = clients as [ClientRoom<typeof meadow.spec>];
  const meddleFor = async (ticks: number): Promise<void> => {
    for (let n = 0; n < ticks; n++) {
      const core = world.core(first);
      core.runInTick(() => meddle(core.facade as unknown as MeadowRoom, random));
      await world.run(50);
    }
  };
  await meddleFor(25);
  const before = world.core(first);
  if (how === "stop") await world.stop();
  else world.crash();
  const sources = sourcesOf(before);
  await world.run(random() * 3_000);
  await world.start(rooms[kind]);
  const after = world.core(first);
  const restored = sourcesOf(after);
  await world.when("all are back", () => clients.every(({ connection }) => connection.state === "joined"));
  const witnesses = clients.map((room) => new SightWitness(room as unknown as ClientRoom, after));
  await meddleFor(15);
  const others = await world.connect(meadow, `/meadow/${first.id}`);
  witnesses.push(new SightWitness(others.room as unknown as ClientRoom, world.core(first)));
  await meddleFor(5);
  return { world, sources, restored, faults: witnesses.flatMap(({ faults }) => faults), witnesses };
}

for (const kind of ["with interest", "without interest"] as const)
  describe(`[CKP-26] after a restart a mirror is exactly what is committed in its player's sight and groups, ${kind}`, () => {
    for (const how of ["stop", "crash"] as const)
      test(
        how === "stop" ? "behind a stop, where rows are what they were to the last bit" : "behind a crash",
        async () => {
          await fc.assert(
            fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), async (seed) => {
              const { world, sources, restored, faults, witnesses } = await play(kind, seed, how);
              expect(faults).toEqual([]);
              expect(world.errors).toEqual([]);
              expect(Math.min(...witnesses.map(({ ticks }) => ticks))).toBeGreaterThanOrEqual(5);
              if (how === "stop") expect(restored).toEqual(sources);
            }),
            { numRuns: 12, seed: 4 },
          );
        },
      );
  });
