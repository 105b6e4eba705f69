/**
 * A process of the gate: plays its game and counts. It is started with so much young space that nothing is
 * collected while it measures, and without threads of V8's own, so that what is allocated is nearly the same at
 * every run.
 */
import { setImmediate } from "node:timers/promises";
import { getHeapStatistics } from "node:v8";
import { GatePlay } from "./play-gate-game.ts";

/** Until everything that runs often is compiled. */
const WARM_UP_TICKS = 400;
const CHUNKS = 12;
const TICKS_A_CHUNK = 50;

const { gc } = globalThis;
if (gc === undefined) throw new Error("this process counts allocations: start it with --expose-gc");

const play = await GatePlay.start();
await play.run(WARM_UP_TICKS);
let allocated = 0;
for (let chunk = 0; chunk < CHUNKS; chunk++) {
  gc();
  await setImmediate();
  const before = getHeapStatistics().used_heap_size;
  await play.run(TICKS_A_CHUNK);
  allocated += getHeapStatistics().used_heap_size - before;
}
process.send?.({
  type: "counted",
  counts: { ...play.counts },
  allocatedBytesPerTick: Math.round(allocated / (CHUNKS * TICKS_A_CHUNK)),
});
process.disconnect?.();
