/** A process of the benchmark: players who are there, and many who come. */
import { clockId, NodeClock } from "../../shared/platform/node-clock.ts";
import { serveParent, tell } from "../run/child-side.ts";
import type { MeasuredWindow } from "../run/messages.ts";
import { JoinStorm } from "./join-storm.ts";

let players: JoinStorm | undefined;

serveParent({
  async start(spec, port) {
    players = new JoinStorm(spec, port, new NodeClock());
    const { epoch, tick, clock } = await players.join((joined) => tell({ type: "joining", joined }));
    const mine = clockId();
    tell({ type: "ready", epoch, tick, sameClock: mine === undefined ? undefined : clock === mine });
  },
  measure: (window) => measure(window, 0),
  storm: measure,
});

async function measure(window: MeasuredWindow, joiners: number): Promise<void> {
  if (players === undefined) throw new Error("there are no players to measure with");
  tell({ type: "joined", figures: await players.measure(window, joiners) });
}
