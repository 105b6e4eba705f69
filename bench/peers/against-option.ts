import { InvalidArgumentError, Option } from "commander";
import type { SystemName } from "../scenarios/scenario.ts";
import { type PeerName, peerNames } from "./peers.ts";

/** `--against ws,socketio`: the peers that a scenario is measured beside. */
export function againstOption(): Option {
  return new Option(
    "--against <peers>",
    `peers to measure in between, with commas: ${peerNames.join(", ")}, or all`,
  )
    .argParser(peersNamed)
    .default([], "none");
}

/** The peers between the first system and the last: what slows the machine down for a while then meets all. */
export function withPeers(systems: readonly SystemName[], peers: readonly PeerName[]): readonly SystemName[] {
  return [...systems.slice(0, -1), ...peers, ...systems.slice(-1)];
}

/** @throws InvalidArgumentError that names those there are */
export function peersNamed(list: string): readonly PeerName[] {
  if (list.trim() === "all") return peerNames;
  return [...new Set(list.split(",").map((name) => name.trim()))].map((name) => {
    const found = peerNames.find((known) => known === name);
    if (found === undefined)
      throw new InvalidArgumentError(`There is no peer "${name}"; there is ${peerNames.join(", ")}.`);
    return found;
  });
}
