import { expect, test } from "vitest";
import { ManualClock } from "../../../tests/kit/manual-clock.ts";
import type { NoRoom } from "../../matchmaking/matchmaker.ts";
import type { PlacedSeat } from "../placement/placement.ts";
import { AwaitedRooms } from "./awaited-rooms.ts";

const at = (owner: string): PlacedSeat => ({
  room: "r1",
  url: `wss://${owner}.example.com`,
  owner,
  seat: undefined,
});
const restarting: NoRoom = { refused: "room-restarting" };

function asking(first: PlacedSeat | NoRoom) {
  const clock = new ManualClock();
  const directory = { says: first, asked: 0 };
  const rooms = new AwaitedRooms(async () => {
    directory.asked += 1;
    return directory.says;
  }, clock);
  const answers: (PlacedSeat | NoRoom)[] = [];
  const ask = (unreachable?: string): void =>
    void rooms.find("duel", "r1", unreachable).then((answer) => answers.push(answer));
  return { clock, directory, ask, answers };
}

test("[NOD-34] a room that is where it was is answered at once", async () => {
  const { clock, ask, answers } = asking(at("a@1"));
  ask();
  ask("another@1");
  await clock.settle();
  expect(answers).toEqual([at("a@1"), at("a@1")]);
  expect(clock.pending).toBe(0);
});

for (const [what, first, unreachable] of [
  ["a room that is on its way", restarting, undefined],
  ["a room whose owner does not answer the player", at("a@1"), "a@1"],
] as const) {
  test(`[NOD-34] ${what} is answered when another node has it, and looked for once for all who wait`, async () => {
    const { clock, directory, ask, answers } = asking(first);
    for (let player = 0; player < 50; player++) ask(unreachable);
    await clock.run(1_000);
    expect(answers).toEqual([]);
    expect(directory.asked).toBeLessThan(50 + 1_000 / 40 + 1);
    directory.says = at("b@2");
    await clock.run(40);
    expect(answers).toEqual(Array.from({ length: 50 }, () => at("b@2")));
    expect(clock.pending).toBe(0);
  });

  test(`[NOD-34] ${what} and nobody's after all is answered as it is, within what a client waits`, async () => {
    const { clock, ask, answers } = asking(first);
    ask(unreachable);
    await clock.run(2_900);
    expect(answers).toEqual([]);
    await clock.run(200);
    expect(answers).toEqual([first]);
  });
}
