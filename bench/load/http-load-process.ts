/** A process of the benchmark: players in many rooms, and requests beside them. */
import { clockId } from "../../shared/platform/node-clock.ts";
import { serveParent, tell } from "../run/child-side.ts";
import { readAround } from "../run/cpu-window.ts";
import type { LoadUse, MeasuredWindow, RunSpec } from "../run/messages.ts";
import { loadAutocannon } from "./autocannon.ts";
import { Crowd } from "./crowd.ts";
import { endpoints } from "./endpoints.ts";
import { requestEndpoint } from "./http-load.ts";
import { readUse, useBetween } from "./load-use.ts";

interface Running {
  readonly crowd: Crowd;
  readonly spec: RunSpec;
  readonly port: number;
}

let running: Running | undefined;

serveParent({
  async start(spec, port) {
    const crowd = new Crowd(spec, port);
    running = { crowd, spec, port };
    const { epoch, tick, clock } = await crowd.join((joined) => tell({ type: "joining", joined }));
    crowd.startSending();
    const mine = clockId();
    const sameClock = clock === null || mine === undefined ? undefined : clock === mine;
    tell({ type: "ready", epoch, tick, sameClock });
  },
  async measure(window) {
    tell({ type: "measured", use: await use(started(), window) });
  },
  async request(window, connections) {
    const { crowd, spec, port } = started();
    const autocannon = await loadAutocannon();
    const [used, ...figures] = await Promise.all([
      use(started(), window),
      ...endpoints(connections, spec.scenario).map((endpoint) =>
        requestEndpoint(autocannon, endpoint, port, window, crowd.clock),
      ),
    ]);
    tell({ type: "requested", use: used, endpoints: figures, lost: [...crowd.lost] });
  },
});

function started(): Running {
  if (running === undefined) throw new Error("there are no players to measure with");
  return running;
}

async function use({ crowd, spec }: Running, window: MeasuredWindow): Promise<LoadUse> {
  const { before, after, wallMs } = await readAround(window, crowd.clock, () => readUse(spec.cores));
  return useBetween(before, after, wallMs);
}
