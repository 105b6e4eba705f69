import type { Clock } from "../../shared/tick/clock.ts";
import type { Dice } from "./dice.ts";
import type { SimulatedLine } from "./simulated-line.ts";

/** Of every seed. */
export const LEAST_FAULTS = 3;

const ofLines = [
  "stall",
  "choke",
  "slow",
  "cut",
  "cut unnoticed",
  "half-open up",
  "half-open down",
  "half-open both",
] as const;
export type LineFault = (typeof ofLines)[number];

/** What happens to all lines at once, or to clients that come and go. */
const ofClients = ["newer client", "early-cut", "cut of all", "late-server", "held-up attempt"] as const;

const ofProcesses = ["process paused", "process crashed", "process stopped", "process drained"] as const;

/** To what a process saves, and to what the next one finds. */
const ofStores = [
  "save slow",
  "save failed",
  "save cut",
  "late save",
  "load failed",
  "store down",
  "older checkpoint",
  "foreign checkpoint",
] as const;

/** What happens to a cluster of processes, in a world of its own. */
export const clusterFaults = [
  "node crashed",
  "node paused",
  "node drained",
  "node stopped",
  "node cut off",
  "directory stopped",
  "directory lost",
  "store fails",
] as const;
export type ClusterFault = (typeof clusterFaults)[number];

/** Everything that can happen. */
export const faultKinds = [...ofLines, ...ofClients, ...ofProcesses, ...ofStores] as const;
export type FaultKind = (typeof faultKinds)[number] | ClusterFault;

/** Those that happen to a line that is up, by how often each is drawn. */
export const lineFaults: readonly [LineFault, ...LineFault[]] = [
  "stall",
  "stall",
  "stall",
  "slow",
  "slow",
  "choke",
  "cut",
  "cut",
  "cut",
  "cut",
  "cut unnoticed",
  "cut unnoticed",
  "half-open up",
  "half-open down",
  "half-open both",
];

/** So long at the most something of a fault is still to come, but for a line that is half-open. */
export const LONGEST_FAULT_MS = 6_000;

/** So long at the most a client that hears nothing takes its line for whole: ten seconds, by a clock that may be late. */
export const LONGEST_SILENCE_MS = 11_000;

/** How long a choked line holds everything back: longer than the server lets anyone be stalled. */
const CHOKE_MS = 5_500;

/** Somebody whose line can fail. */
export interface Sufferer {
  readonly line: SimulatedLine | undefined;
  readonly dice: Dice;
  /** Nobody was told that the line is dead. */
  isHalfOpen: boolean;
}

/** Lets a fault happen to a player's line. */
export function inflict(fault: LineFault, player: Sufferer, clock: Clock): void {
  const { line, dice } = player;
  if (line === undefined) return;
  const { link } = line;
  switch (fault) {
    case "stall":
      link.stall(dice.pick(["up", "down", "both"]), dice.int(50, 1_200));
      return;
    case "choke":
      link.stall("down", CHOKE_MS);
      return;
    case "slow":
      link.change({ bytesPerSecond: 8_000, latencyMs: dice.int(50, 200), jitterMs: 100 });
      clock.after(dice.int(200, 1_500), () =>
        link.change({ bytesPerSecond: 1e6, latencyMs: dice.int(0, 80), jitterMs: 10 }),
      );
      return;
    case "cut":
      link.cut();
      return;
    case "cut unnoticed":
      line.cutAtClient(dice.int(500, LONGEST_FAULT_MS));
      return;
    case "half-open up":
    case "half-open down":
    case "half-open both": {
      player.isHalfOpen = true;
      link.halfOpen(fault === "half-open up" ? "up" : fault === "half-open down" ? "down" : "both");
      // Stands for the idle timeout of a real transport, which the one in memory has not. What still comes up is a sign
      // of life, so that then it is for the server to close who acknowledges nothing.
      if (fault !== "half-open down") clock.after(dice.int(500, 2_500), () => line.cutAtServer());
    }
  }
}
