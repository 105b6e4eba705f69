import { describe, expect, test } from "vitest";
import type { Game } from "../../shared/definition/game.ts";
import { bytes, defineGame, list, optional, record, u8 } from "../../shared/game.ts";
import { administer } from "../../tests/server-kit/administered.ts";
import { MEADOW_CELL, meadow, meadowRoom } from "../../tests/server-kit/meadow.ts";
import { probe, probeGame, probeRoom, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import { defineRoom } from "../room/define-room.ts";
import type { DefinitionAnswer, MapAnswer, PlayersAnswer, RowAnswer, RowsAnswer } from "./answers.ts";

const meadowGame = meadow as unknown as Game;

/** A meadow with a hare and some seeds. */
async function sown() {
  const hosted = await administer([meadowRoom]);
  await hosted.join("/meadow", meadowGame);
  const { facade } = hosted.room();
  const state = facade.state as unknown as Record<
    string,
    { add(given: object): { id: number } } & Iterable<Record<string, unknown>>
  >;
  const [hare] = state.hares ?? [];
  Object.assign(hare ?? {}, { name: "Ada", x: 12.3, y: -40, den: 7, clan: "brown", plan: 3, heir: hare });
  for (let n = 1; n <= 5; n++) state.seeds?.add({ x: n * 10, y: -n, n, by: n === 1 ? hare : undefined });
  await hosted.ticks(2);
  return hosted;
}

describe("[ADM-9] any game's state is readable by its definition", () => {
  test("which says tables, fields, positions and the side of a cell", async () => {
    const hosted = await sown();
    const { game, cellSize, rows } = await hosted.answer<DefinitionAnswer>("rooms/r1/definition");
    expect(game).toEqual(JSON.parse(JSON.stringify(meadow.description)));
    expect(cellSize).toBe(MEADOW_CELL);
    expect(rows).toMatchObject({ hares: 1, seeds: 5, weather: 1 });
  });

  test("as committed, whoever else may see it", async () => {
    const hosted = await sown();
    const hares = await hosted.answer<RowsAnswer>("rooms/r1/rows/hares");
    // name, x, y, fear, den (owner's), clan, plan and heir (the group's)
    expect(hares.rows).toEqual([{ id: 1, values: ["Ada", 12.5, -40, 0, 7, "brown", 3, 1] }]);
    const weather = await hosted.answer<RowsAnswer>("rooms/r1/rows/weather");
    expect(weather.rows).toEqual([{ id: 1, values: [0] }]);
  });

  test("with bytes, lists and what is absent", async () => {
    const game = defineGame({
      name: "bag",
      tickRate: 20,
      state: { bag: record({ raw: bytes(100), list: list(u8, 4), none: optional(u8) }) },
    });
    const hosted = await administer([
      defineRoom(game, {
        create(room) {
          room.state.bag.raw = new Uint8Array(40).fill(0xab);
          room.state.bag.list = [1, 2];
        },
      }),
    ]);
    await hosted.join("/bag", game as unknown as Game);
    const { rows } = await hosted.answer<RowsAnswer>("rooms/r1/rows/bag");
    expect(rows[0]?.values).toEqual([{ bytes: 40, hex: "ab".repeat(32) }, [1, 2], null]);
  });

  test("part by part, and by search", async () => {
    const hosted = await sown();
    const ids = async (query: string) => {
      const { rows, total } = await hosted.answer<RowsAnswer>(`rooms/r1/rows/seeds?${query}`);
      return { total, ids: rows.map(({ id }) => id) };
    };
    expect(await ids("offset=2&limit=2")).toEqual({ total: 5, ids: [3, 4] });
    expect(await ids("offset=9")).toEqual({ total: 5, ids: [] });
    expect(await ids("search=%234")).toEqual({ total: 1, ids: [4] });
    expect(await ids("offset=-1&limit=many")).toEqual({ total: 5, ids: [1, 2, 3, 4, 5] });
    expect((await hosted.answer<RowsAnswer>("rooms/r1/rows/hares?search=aDa")).total).toBe(1);
    expect((await hosted.answer<RowsAnswer>("rooms/r1/rows/hares?search=bob")).total).toBe(0);
  });

  test("row by row; one that is not there is none", async () => {
    const hosted = await sown();
    const row = async (path: string) => (await hosted.answer<RowAnswer>(`rooms/r1/rows/${path}`)).row;
    expect(await row("seeds/1")).toEqual({ id: 1, values: [10, -1, 1, 1] });
    expect(await row("seeds/99")).toBeNull();
    expect(await row("seeds/x")).toBeNull();
  });
});

test("[ADM-10] the map says where everything is that has a position", async () => {
  const hosted = await sown();
  const { tables } = await hosted.answer<MapAnswer>("rooms/r1/map");
  expect(tables).toEqual([
    { name: "hares", total: 1, ids: [1], x: [12.5], y: [-40] },
    { name: "seeds", total: 5, ids: [1, 2, 3, 4, 5], x: [10, 20, 30, 40, 50], y: [-1, -2, -3, -4, -5] },
    { name: "nests", total: 0, ids: [], x: [], y: [] },
  ]);
  const plain = await administer([probeRoom]);
  await plain.join("/probe", probeGame);
  expect((await plain.answer<MapAnswer>("rooms/r1/map")).tables).toEqual([]);
});

test("[ADM-18] players are listed with their name, state and how they keep up", async () => {
  const hosted = await administer([
    defineRoom(probe, {
      ...quietHandlers,
      join(_room, player, { name }) {
        player.row.name = name;
      },
    }),
  ]);
  await hosted.join("/probe", probeGame, { name: "Ada" });
  const slow = await hosted.join("/probe", probeGame, { name: "Bob" });
  const gone = await hosted.join("/probe", probeGame, { name: "Cyd" });
  slow.acknowledges = false;
  await hosted.ticks(30);
  gone.socket.cut();
  await hosted.ticks(2);
  const { total, players } = await hosted.answer<PlayersAnswer>("rooms/r1/players");
  expect(total).toBe(3);
  expect(players).toMatchObject([
    { id: 1, name: "Ada", row: 1, state: "following", why: null, streams: 0, keptTicks: null },
    { id: 2, name: "Bob", state: "stalled", why: "unacknowledged" },
    { id: 3, name: "Cyd", state: "away", why: "connection-lost" },
  ]);
  expect(players[0]?.behind).toBeLessThan(15);
  expect(players[1]?.behind ?? 99).toBeGreaterThan(20);
  expect(players[2]?.keptTicks).toBeGreaterThan(390);
  const found = async (search: string) => {
    const { players } = await hosted.answer<PlayersAnswer>(`rooms/r1/players?search=${search}`);
    return players.map(({ name }) => name);
  };
  expect(await found("bo")).toEqual(["Bob"]);
  expect(await found("%233")).toEqual(["Cyd"]);
  expect(await found("stalled")).toEqual(["Bob"]);
});
