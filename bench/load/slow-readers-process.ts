/** A process of the benchmark: players who read, and players who at times do not. */
import { clockId, NodeClock } from "../../shared/platform/node-clock.ts";
import { serveParent, tell } from "../run/child-side.ts";
import type { MeasuredWindow } from "../run/messages.ts";
import { SlowReaders } from "./slow-readers.ts";

let players: SlowReaders | undefined;

serveParent({
  async start(spec, port) {
    players = new SlowReaders(spec, port, new NodeClock());
    const { epoch, tick, clock } = await players.join((joined) => tell({ type: "joining", joined }));
    const mine = clockId();
    tell({ type: "ready", epoch, tick, sameClock: mine === undefined ? undefined : clock === mine });
  },
  measure: (window) => read(window, "all"),
  stall: (window) => read(window, "healthy"),
});

async function read(window: MeasuredWindow, whoReads: "all" | "healthy"): Promise<void> {
  if (players === undefined) throw new Error("there are no players to measure with");
  tell({ type: "read", figures: await players.measure(window, whoReads) });
}
