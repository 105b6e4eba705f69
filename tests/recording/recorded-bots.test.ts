import { expect, test } from "vitest";
import type { BotDefinition } from "../../bots/define-bot.ts";
import { recordedBot } from "../../bots/recorded-bot.ts";
import { recordedPlayers } from "../../bots/recorded-players.ts";
import type { Game } from "../../shared/definition/game.ts";
import { opened, recordingServer } from "./recorded-game.ts";
import { workshop, workshopRoom } from "./workshop.ts";

const game = workshop as unknown as Game;

/** Ada walks, then crafts and orders; Bob comes later and leaves. */
async function aMorning() {
  const server = await recordingServer([workshopRoom()]);
  const { room: ada } = await server.connect(workshop, "/workshop", { name: "Ada" });
  ada.input({ walk: 4 });
  await server.ticks(ada, 10);
  ada.input({ craft: true });
  ada.send("order", { n: 1 });
  const { room: bob } = await server.connect(workshop, "/workshop", { name: "Bob" });
  bob.input({ walk: -1 });
  await server.ticks(ada, 10);
  void bob.leave();
  void ada.request("pay", { coins: 3 });
  await server.ticks(ada, 10);
  const [path = ""] = await server.files();
  return recordedPlayers((await opened(path)).recording);
}

test("[REC-30] a recording's players are known by what they joined with and did, tick by tick of their stay", async () => {
  const [ada, bob, ...others] = await aMorning();
  expect(others).toEqual([]);
  expect([ada?.join, bob?.join]).toEqual([{ name: "Ada" }, { name: "Bob" }]);
  expect(ada?.ticks).toBeGreaterThan(29);
  expect(bob?.ticks).toBeLessThan(15);
  const inputs = [...(ada?.inputs ?? [])];
  expect(inputs[0]?.[1]).toEqual([4, false]);
  expect(inputs.filter(([, values]) => values[1] === true).length).toBe(1);
  const calls = [...(ada?.calls ?? [])].flatMap(([, at]) => at);
  expect(calls).toEqual([
    { kind: "message", index: 0, payload: { n: 1 } },
    { kind: "request", index: 0, payload: { coins: 3 } },
  ]);
});

test("[REC-31] bots do what they did, again and again, as many as are asked for", async () => {
  const players = await aMorning();
  const bot: BotDefinition = recordedBot(game, players);
  const server = await recordingServer([workshopRoom()], "nothing by itself");
  const rooms = [];
  for (let index = 0; index < 4; index++) rooms.push(await server.join(bot, "/workshop", index));
  const [first] = rooms;
  if (first === undefined) return;
  const core = server.server.matchmaker.rooms.get(first.id);
  const state = core?.facade.state as unknown as {
    books: { orders: number; paid: number };
    workers: Iterable<{ name: string; x: number }>;
  };
  const xs = () => [...state.workers].map(({ x }) => x);
  const before = xs();
  await server.ticks(first as never, 20);
  expect([...state.workers].map(({ name }) => name)).toEqual(["Ada", "Bob", "Ada", "Bob"]);
  const moved = xs().map((x, i) => Math.sign(x - (before[i] ?? 0)));
  expect(moved).toEqual([1, -1, 1, -1]);
  // Three rounds: either Ada orders once in each, for 5, and pays 3.
  await server.ticks(first as never, (players[0]?.ticks ?? 0) * 3 - 20);
  expect(state.books.orders).toBeGreaterThanOrEqual(2 * 2 * 5);
  expect(state.books.paid).toBeGreaterThanOrEqual(2 * 2 * 3);
});

test("[REC-31] where nobody played there is nothing to do", () => {
  expect(() => recordedBot(game, [])).toThrow("nobody played in the recording");
});
