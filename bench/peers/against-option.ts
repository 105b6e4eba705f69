import { InvalidArgumentError, Option } from "commander";
import type { SystemName } from "../scenarios/scenario.ts";
import type { PeerName } from "./peers.ts";

/** `--against ws,socketio`: the peers that a scenario is measured beside, of those that can play it. */
export function againstOption(able: readonly PeerName[]): Option {
  return new Option(
    "--against <peers>",
    `peers to measure in between, with commas: ${able.join(", ")}, or all`,
  )
    .argParser((list: string) => peersNamed(list, able))
    .default([], "none");
}

/** The peers between the first system and the last: what slows the machine down for a while then meets all. */
export function withPeers(systems: readonly SystemName[], peers: readonly PeerName[]): readonly SystemName[] {
  return [...systems.slice(0, -1), ...peers, ...systems.slice(-1)];
}

/** @throws InvalidArgumentError that names those there are */
export function peersNamed(list: string, able: readonly PeerName[]): readonly PeerName[] {
  if (list.trim() === "all") return able;
  return [...new Set(list.split(",").map((name) => name.trim()))].map((name) => {
    const found = able.find((known) => known === name);
    if (found === undefined)
      throw new InvalidArgumentError(`There is no peer "${name}"; there is ${able.join(", ")}.`);
    return found;
  });
}
