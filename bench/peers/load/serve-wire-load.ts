/** What the load process of every peer does: all clients of one run, and what they measure. */
import { clockId } from "../../../shared/platform/node-clock.ts";
import { readUse, useBetween } from "../../load/load-use.ts";
import { TickRecorder } from "../../load/tick-recorder.ts";
import { serveParent, tell } from "../../run/child-side.ts";
import { readAround } from "../../run/cpu-window.ts";
import { firstSteeredTick } from "../../run/measured-window.ts";
import type { LoadFigures, MeasuredWindow, RunSpec } from "../../run/messages.ts";
import type { Wire } from "./wire.ts";
import { WireCrowd } from "./wire-crowd.ts";

/** How long after the last tick's time its frames may still arrive. */
const ARRIVE_WITHIN_MS = 2_000;

/** Serves the parent as a load process whose clients speak this wire. */
export function serveWireLoad(wire: Wire): void {
  let crowd: WireCrowd | undefined;
  let run: RunSpec | undefined;
  serveParent({
    async start(spec, port) {
      run = spec;
      crowd = new WireCrowd(wire, spec, port);
      const { epoch, tick, clock } = await crowd.join((joined) => tell({ type: "joining", joined }));
      crowd.startSending();
      const mine = clockId();
      const sameClock = clock === null || mine === undefined ? undefined : clock === mine;
      tell({ type: "ready", epoch, tick, sameClock });
    },
    async measure(window) {
      if (crowd === undefined || run === undefined) throw new Error("there are no clients to measure with");
      tell({ type: "measured", figures: await measure(crowd, run, window) });
    },
  });
}

async function measure(crowd: WireCrowd, spec: RunSpec, window: MeasuredWindow): Promise<LoadFigures> {
  const recorder = new TickRecorder(window);
  crowd.record(recorder, window);
  crowd.startSteering(window.epoch, firstSteeredTick(window, spec));
  const { before, after, wallMs } = await readAround(window, crowd.clock, () => ({
    use: readUse(spec.cores),
    bytes: crowd.bytesReceived(),
    sent: crowd.messagesSent,
  }));
  const expected = spec.clients * (window.toTick - window.fromTick);
  const deadline = crowd.clock.now() + ARRIVE_WITHIN_MS;
  while (recorder.delivered < expected && crowd.clock.now() < deadline)
    await new Promise<void>((resolve) => crowd.clock.after(10, resolve));
  const lost = [...crowd.lost];
  crowd.end();
  return {
    delivered: recorder.delivered,
    gaps: recorder.gaps,
    latencyMs: recorder.latencies(),
    curves: recorder.curves(),
    byTick: recorder.byTick(),
    leanBytes: after.bytes - before.bytes,
    // A frame of a peer carries one tick, or several that count as one.
    leanFrames: recorder.delivered,
    leanSent: after.sent - before.sent,
    leanClients: crowd.clients.length,
    ...useBetween(before.use, after.use, wallMs),
    lost,
    digests: [],
    mirrors: { hashes: [], differences: [] },
  };
}
