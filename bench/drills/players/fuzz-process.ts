/** A process of a drill: hostile clients on real sockets, from a seed. */
import { NodeClock } from "../../../shared/platform/node-clock.ts";
import { attack, type FuzzOrder } from "../hostile/attack.ts";
import { serveCalls, tellProgress } from "../process/serve-calls.ts";

const calls = {
  attack: (order: FuzzOrder) => attack(order, new NodeClock(), tellProgress),
};

export type FuzzCalls = typeof calls;

serveCalls(calls);
