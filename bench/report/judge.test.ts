import { expect, test } from "vitest";
import type { TickHash } from "../run/messages.ts";
import type { RawRun } from "../run/run-system.ts";
import { systemReport } from "./judge.ts";
import { rawRun } from "./run.fixture.ts";

/** A run of two seconds in so many rooms: ticks 20 to 59. */
function inRooms(rooms: number, ofServer: readonly TickHash[], ofMirrors: readonly TickHash[]): RawRun {
  const run = rawRun("tickcast", { ofServer, hashes: ofMirrors, delivered: 400 });
  return { ...run, load: { ...run.load, rooms }, window: { ...run.window, toTick: 60 } };
}

const early: TickHash[] = [
  [20, "a", 0],
  [30, "b", 0],
];
const late: TickHash = [50, "c", 0];

test("[BEN-129] a tick that the server was too late to look at is not compared, and not counted as compared", () => {
  const judged = (ofServer: readonly TickHash[]) => {
    const { failures, hashesCompared } = systemReport(inRooms(1, ofServer, early));
    return { failures, hashesCompared };
  };
  const looked = early[1] as TickHash;
  expect(judged([[20, null, 0], looked])).toEqual({ failures: [], hashesCompared: 1 });
  expect(judged([[20, "other", 0], looked]).failures).toEqual([
    expect.stringContaining("1 state hashes differ"),
  ]);
  expect(judged([looked]).failures.length).toBeGreaterThan(0);
  const never = early.map(([tick, , mirror]): TickHash => [tick, null, mirror]);
  expect(judged(never)).toEqual({
    failures: [expect.stringContaining("could be compared")],
    hashesCompared: 0,
  });
});

test("[BEN-111] what later rooms may not have reached is not compared, everything before it is", () => {
  const judged = (ofServer: readonly TickHash[], ofMirrors: readonly TickHash[], rooms = 10) => {
    const { failures, hashesCompared } = systemReport(inRooms(rooms, ofServer, ofMirrors));
    return { failures, hashesCompared };
  };
  expect(judged(early, [...early, late])).toEqual({ failures: [], hashesCompared: 2 });
  expect(judged([...early, late], early)).toEqual({ failures: [], hashesCompared: 2 });
  expect(judged(early, early.slice(1)).failures).toEqual([expect.stringContaining("1 state hashes")]);
  expect(judged([...early, late], early, 1).failures).toEqual([expect.stringContaining("1 state hashes")]);
});
