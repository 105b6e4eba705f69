import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { host } from "../../tests/server-kit/hosted.ts";
import { probeGame, probeRoom } from "../../tests/server-kit/probe-game.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as (options?: { readonly type: "minor" }) => void;

const ROUNDS = 5;
const WEIGHT_BYTES = 2e6;

/** Something that shows where it ends: bytes of the heap, not of a buffer. */
const weight = (): readonly object[] => Array.from({ length: WEIGHT_BYTES / 40 }, (_, n) => ({ n }));

/** Where what outlives minor collections ends, until a major one looks. */
function oldBytes(): number {
  const spaces = getHeapSpaceStatistics().filter(({ space_name: name }) => /^(old|large)/.test(name));
  return spaces.reduce((sum, { space_used_size: used }) => sum + used, 0);
}

/** A room that somebody joins, plays in and leaves, and that closes then. Nothing of it is left but garbage. */
async function play(burden: readonly object[]): Promise<void> {
  const hosted = await host([probeRoom]);
  const client = await hosted.join("/probe", probeGame);
  Object.assign(hosted.room(), { burden });
  await hosted.ticks(5);
  client.socket.close();
  await hosted.ticks(5);
  void hosted.server.stop();
  await hosted.ticks(20);
}

test("[ROO-51] a room that has closed is garbage that a minor collection takes", async () => {
  // The pitfall: V8 puts a function that is written straight into a property where only a major collection looks.
  for (let n = 0; n < 20; n++) await play([]);
  collect();
  collect();
  const before = oldBytes();
  for (let n = 0; n < ROUNDS; n++) {
    await play(weight());
    for (let times = 0; times < 3; times++) collect({ type: "minor" });
  }
  // The code that was compiled meanwhile is old, too, and may hold the last room.
  expect(oldBytes() - before).toBeLessThan(2 * WEIGHT_BYTES);
});
