import { TestServer } from "tickcast/testing";
import { expect, test } from "vitest";
import { bot } from "./bot.ts";
import { CARDS } from "./cards.ts";
import { type EightsSpec, eights } from "./eights.ts";
import { eightsRoom } from "./room.ts";
import type { Table } from "./table.ts";

/** Bots play for a while; what is said of the cards is held against the cards, tick by tick. */
async function playWithBots(count: number, seconds: number, seed: number) {
  const server = await TestServer.start({
    rooms: [eightsRoom],
    seed,
    network: { latencyMs: 40, jitterMs: 30 },
  });
  const bots = await server.bots<EightsSpec>(bot, { count });
  const room = server.room<EightsSpec, Table>(eights);
  const moves: string[] = [];
  const [first] = bots;
  first?.room.on("played", ({ seat, card }) => moves.push(`${seat?.name} ${card}`));
  for (let tick = 0; tick < seconds * eights.spec.tickRate; tick++) {
    await room.ticks(1);
    const { deal, dealtIn } = room.data;
    if (deal === undefined) continue;
    const all = [...deal.hands.flat(), ...deal.stock, ...deal.pile];
    expect(new Set(all).size).toBe(CARDS);
    expect(all).toHaveLength(CARDS);
    if (room.state.match.phase !== "playing") continue;
    expect(room.state.match).toMatchObject({ stock: deal.stock.length, pile: deal.pile.length });
    expect(dealtIn.map(({ cards }) => cards)).toEqual(deal.hands.map((hand) => hand.length));
  }
  const { match, seats } = room.state;
  const outcome = { deals: match.deal, moves, scores: [...seats].map(({ name, score }) => [name, score]) };
  const asleep = [...seats].filter(({ player, playedBy }) => player && playedBy === "house");
  await server.stop();
  return { outcome, asleep };
}

test("[CAR-14] bots play deal after deal over an uneven network, in their time, and every card is somewhere once", async () => {
  const { outcome, asleep } = await playWithBots(4, 240, 2);
  expect(outcome.deals).toBeGreaterThan(2);
  expect(outcome.moves.length).toBeGreaterThan(40);
  expect(asleep).toEqual([]);
});

test("[CAR-14] a bot that is alone plays with the house", async () => {
  const { outcome } = await playWithBots(1, 60, 1);
  expect(outcome.deals).toBeGreaterThan(0);
  expect(outcome.scores).toHaveLength(2);
});

test("[CAR-14] equal seeds give equal games", async () => {
  const [first, again, other] = [
    await playWithBots(3, 60, 5),
    await playWithBots(3, 60, 5),
    await playWithBots(3, 60, 6),
  ];
  expect(again.outcome).toEqual(first.outcome);
  expect(other.outcome).not.toEqual(first.outcome);
});
