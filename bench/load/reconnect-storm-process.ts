/** A process of the benchmark: clients of the SDK whose connections are cut. */
import { NodeClock } from "../../shared/platform/node-clock.ts";
import { serveParent, tell } from "../run/child-side.ts";
import { ReconnectStorm } from "./reconnect-storm.ts";

let storm: ReconnectStorm | undefined;

serveParent({
  async start(spec, port) {
    storm = new ReconnectStorm(spec, port, new NodeClock());
    const joined = await storm.join((joined) => tell({ type: "joining", joined }));
    tell({ type: "ready", ...joined });
  },
  async measure(window) {
    if (storm === undefined) throw new Error("there are no clients to cut");
    tell({ type: "survived", figures: await storm.measure(window) });
  },
});
