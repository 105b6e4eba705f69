import { parseClientFrame } from "../../../shared/protocol/client-frame.ts";
import { decodeUntrusted } from "../../../shared/protocol/codec.ts";
import { seededRandom } from "../../../shared/random/seeded-random.ts";
import { anyDrillGame } from "../drill-game.ts";
import { frameTypes, HostileMessages } from "./hostile-messages.ts";

/**
 * Decodes so many hostile messages in this process. msgpackr keeps the keys that it has read, up to 4,096, and random ones
 * fill that for hundreds of thousands of messages: memory that grows up to a bound, which would look like a leak.
 *
 * @returns how many could be read
 */
export function fillDecoder({ seed, messages }: { seed: number; messages: number }): number {
  const hostile = new HostileMessages(seededRandom(seed), anyDrillGame);
  let read = 0;
  for (let n = 0; n < messages; n++) {
    const moment = { tick: n, sequence: n };
    const type = frameTypes[n % frameTypes.length] ?? "ping";
    const decoded = decodeUntrusted(n % 2 === 0 ? hostile.mutated(type, moment) : hostile.noise(moment));
    if (decoded.ok && parseClientFrame(decoded.value) !== undefined) read += 1;
  }
  return read;
}
