import { expect, test } from "vitest";
import { callNumber, RoomLife } from "./chronicle.ts";

/** A life that publishes ticks up to `last`, each of which tells its number. */
function lived(life: RoomLife, first: number, last: number): RoomLife {
  for (let tick = first; tick <= last; tick++) {
    life.tell({ n: tick, to: "all", tick });
    life.take(tick, callNumber(3, tick));
    life.publish(tick, `${life.timeline} ${tick}`, tick);
  }
  return life;
}

/** One that crashed behind tick 20 and was saved at 12, one from there that saved nothing, and one that followed it. */
function lives() {
  const first = lived(new RoomLife("room"), 1, 20);
  const origin = { life: first, tick: 12, kind: "running" } as const;
  const lost = lived(new RoomLife("room", 1, origin), 60, 70);
  const next = lived(new RoomLife("room", 2, origin), 80, 90);
  const last = lived(new RoomLife("room", 3, { life: next, tick: 90, kind: "exact" }), 91, 99);
  return { first, lost, next, last };
}

test("[SIM-6] two lives share what one of them saved before they parted, and nothing behind it", () => {
  const { first, lost, next, last } = lives();
  expect([last.sharedWith(next), last.sharedWith(first), last.sharedWith(lost)]).toEqual([90, 12, 12]);
  expect([lost.sharedWith(next), last.sharedWith(last)]).toEqual([12, Number.POSITIVE_INFINITY]);
  expect([last.comesFrom(first), last.comesFrom(lost)]).toEqual([true, false]);
});

test("[SIM-6] what counts is what was published on the way to it, however many lives that took", () => {
  const { last } = lives();
  const ticks = last.between(10, 92).map(({ tick }) => tick);
  expect(ticks).toEqual([11, 12, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92]);
  expect([last.at(15), last.at(12)?.hash, last.at(80)?.hash]).toEqual([undefined, "0 12", "2 80"]);
  expect(last.calls.get(3)?.map(({ tick }) => tick)).toEqual([
    ...last.between(0, 99).map(({ tick }) => tick),
  ]);
});

test("[SIM-6] behind a crash what was told before it may be lost, behind a stop nothing", () => {
  const { last, next } = lives();
  expect([last.forgot(90), last.forgot(11), last.forgot(12), next.forgot(5)]).toEqual([
    false,
    true,
    false,
    true,
  ]);
});
