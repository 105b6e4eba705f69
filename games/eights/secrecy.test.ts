import { TestServer } from "tickcast/testing";
import { expect, test } from "vitest";
import type { Deal } from "./deal.ts";
import { type EightsSpec, eights, type Seat } from "./eights.ts";
import { eightsRoom } from "./room.ts";
import { handOf, sitDown } from "./table.fixture.ts";
import type { Table } from "./table.ts";

/** What became of the bytes of each, as text to compare. */
interface Told {
  readonly ada: string[];
  readonly grace: string[];
  readonly eve: string[];
}

/**
 * Ada and Grace are dealt in, Eve watches; behind the deal something that is hidden is changed, and all play on for
 * a while without it.
 */
async function play(change: (deal: Deal, dealtIn: readonly Seat[]) => void): Promise<Told> {
  const server = await TestServer.start({ rooms: [eightsRoom], seed: 3 });
  const told: Told = { ada: [], grace: [], eve: [] };
  const keep = (lines: string[]) => ({
    received: (bytes: Uint8Array) => void lines.push(Buffer.from(bytes).toString("hex")),
  });
  const ada = await server.connect(eights, "/eights", { name: "Ada" }, keep(told.ada));
  await server.connect(eights, "/eights", { name: "Grace" }, keep(told.grace));
  const room = server.room<EightsSpec, Table>(eights);
  await server.connect(eights, "/eights", { name: "Eve", watch: true }, keep(told.eve));
  void ada.room.request("deal", {});
  await server.run(0);
  // In the tick of the deal itself, behind it and before anything of it is sent.
  await room.run(() => {
    const { deal, dealtIn } = room.data;
    if (deal === undefined) throw new Error("nothing was dealt before");
    change(deal, dealtIn);
  });
  await room.ticks(10);
  await server.stop();
  return told;
}

const swap = (one: number[], other: number[]): void => {
  const [first, second] = [one[0], other[0]];
  if (first === undefined || second === undefined) throw new Error("there are cards in both");
  one[0] = second;
  other[0] = first;
};

test("[CAR-7] whatever order the deck is in, everybody is sent the same bytes", async () => {
  const plain = await play(() => {});
  const reversed = await play(({ stock }) => void stock.reverse());
  expect(reversed).toEqual(plain);
  // The measure of it: what does differ is seen.
  expect(plain.ada.length).toBeGreaterThan(10);
});

test("[CAR-7] whatever Grace holds, Ada and who watches are sent the same bytes, and Grace others", async () => {
  const plain = await play(() => {});
  const other = await play(({ hands, stock }, dealtIn) => {
    const place = dealtIn.findIndex(({ name }) => name === "Grace");
    const hand = hands[place] ?? [];
    swap(hand, stock);
    const row = dealtIn[place]?.player;
    if (row !== undefined) row.hand = [...hand];
  });
  expect(other.ada).toEqual(plain.ada);
  expect(other.eve).toEqual(plain.eve);
  expect(other.grace).not.toEqual(plain.grace);
});

test("[CAR-7] a hand reads undefined for everybody else, until the deal is over and all hands are shown", async () => {
  const table = await sitDown(["Ada", "Grace"]);
  const [ada, grace] = table.clients;
  if (ada === undefined || grace === undefined) throw new Error("two sit here");
  expect(handOf(ada)).toHaveLength(7);
  expect(grace.state.players.get(ada.room.me?.id ?? 0)?.hand).toBeUndefined();
  expect([...grace.state.seats].map(({ cards, shown }) => [cards, shown])).toEqual([
    [7, []],
    [7, []],
  ]);
  await table.server.stop();
});
