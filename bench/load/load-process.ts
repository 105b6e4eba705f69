/** A process of the benchmark: all clients of one run, and what they measure. */
import { clockId } from "../../shared/platform/node-clock.ts";
import { serveParent, tell } from "../run/child-side.ts";
import { readAround } from "../run/cpu-window.ts";
import { firstSteeredTick } from "../run/measured-window.ts";
import type { LoadFigures, MeasuredWindow, RunSpec } from "../run/messages.ts";
import { Crowd } from "./crowd.ts";
import { readUse, useBetween } from "./load-use.ts";

/** How long after the last tick's time its frames may still arrive. */
const ARRIVE_WITHIN_MS = 2_000;

let crowd: Crowd | undefined;
let run: RunSpec | undefined;

serveParent({
  async start(spec, port) {
    run = spec;
    crowd = new Crowd(spec, port);
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

async function measure(crowd: Crowd, spec: RunSpec, window: MeasuredWindow): Promise<LoadFigures> {
  const recorder = crowd.record(window);
  crowd.startSteering(window.epoch, firstSteeredTick(window, spec));
  const { before, after, wallMs } = await readAround(window, crowd.clock, () => ({
    use: readUse(spec.cores),
    bytes: crowd.leanBytes(),
    frames: crowd.leanFrames(),
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
    leanFrames: after.frames.received - before.frames.received,
    leanSent: after.frames.sent - before.frames.sent,
    leanClients: crowd.lean.length,
    ...useBetween(before.use, after.use, wallMs),
    lost,
    digests: crowd.witness.digests,
    mirrors: {
      hashes: crowd.mirrors.flatMap(({ hashes }) => hashes),
      differences: crowd.mirrors.flatMap(({ differences }) => differences),
    },
  };
}
