import { type Command, InvalidArgumentError } from "commander";
import { Complaint } from "../../shared/complaint.ts";
import {
  type NetworkConditions,
  networkConditions,
  perfectNetwork,
} from "../../shared/link/network-conditions.ts";

/** What the flags of a bad network come to; each is absent where it was not given. */
export interface ConditionOptions {
  readonly latency?: number;
  readonly jitter?: number;
  readonly rate?: number;
  readonly stallEvery?: number;
  readonly stallFor?: number;
  readonly cutEvery?: number;
}

/** Adds the flags of a bad network to a command. */
export function addConditionOptions(command: Command): Command {
  return command
    .option("--latency <time>", "later by this each way, like 80ms", duration)
    .option("--jitter <time>", "up to so much later still, anew for each instant", duration)
    .option("--rate <bytes>", "what fits through each way in a second, like 64k", rate)
    .option("--stall-every <time>", "from one stall to the next, like 5s", interval)
    .option(
      "--stall-for <time>",
      "how long a stall lasts, like 400ms; then all of it arrives, in order",
      interval,
    )
    .option("--cut-every <time>", "from one cut of a connection to the next, like 30s", interval);
}

/**
 * @throws Complaint where flags do not go together
 */
export function conditionsOf(options: ConditionOptions): NetworkConditions {
  const { latency, jitter, rate, stallEvery, stallFor, cutEvery } = options;
  if ((stallEvery === undefined) !== (stallFor === undefined))
    throw new Complaint("--stall-every and --stall-for go together: --stall-every 5s --stall-for 400ms.");
  if (stallEvery !== undefined && stallFor !== undefined && stallFor >= stallEvery)
    throw new Complaint("--stall-for is to be shorter than --stall-every, or nothing would ever arrive.");
  return networkConditions({
    latencyMs: latency ?? perfectNetwork.latencyMs,
    jitterMs: jitter ?? perfectNetwork.jitterMs,
    bytesPerSecond: rate ?? perfectNetwork.bytesPerSecond,
    stallEveryMs: stallEvery ?? perfectNetwork.stallEveryMs,
    stallForMs: stallFor ?? perfectNetwork.stallForMs,
    cutEveryMs: cutEvery ?? perfectNetwork.cutEveryMs,
  });
}

/** Longer ones overflow what timers count in. */
const LONGEST_MS = 86_400_000;

/** Milliseconds of `80`, `80ms` or `0.5s`. */
export function duration(value: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(value) ?? [];
  const ms = Number(number) * (unit === "s" ? 1_000 : 1);
  if (!(ms <= LONGEST_MS))
    throw new InvalidArgumentError("It is a time like 80ms or 5s; a number alone is ms.");
  return ms;
}

/** The same above 0. */
function interval(value: string): number {
  const ms = duration(value);
  if (ms === 0) throw new InvalidArgumentError("It is a time above 0, like 400ms or 5s.");
  return ms;
}

/** Bytes a second of `64000`, `64k` or `1.5M`. */
export function rate(value: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([kM])?$/.exec(value) ?? [];
  const bytes = Number(number) * (unit === "M" ? 1_000_000 : unit === "k" ? 1_000 : 1);
  if (!(bytes > 0)) throw new InvalidArgumentError("It is a number of bytes a second, like 64k or 1.5M.");
  return bytes;
}
