import { DEFAULT_MAX_MESSAGE_BYTES } from "../../shared/protocol/frames.ts";
import type { TransportLimits } from "./transport.ts";

/** Enough for a game of small frames; what each limit does is said at {@link TransportLimits}. */
export const defaultTransportLimits: TransportLimits = {
  maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES,
  maxBodyBytes: 64 * 1024,
  maxBufferedBytes: 1024 * 1024,
  idleTimeoutSeconds: 32,
};

const RANGES: { readonly [Limit in keyof TransportLimits]: readonly [least: number, most: number] } = {
  maxMessageBytes: [1, 64 * 1024 * 1024],
  maxBodyBytes: [0, 1024 * 1024 * 1024],
  maxBufferedBytes: [1, 1024 * 1024 * 1024],
  // Outside of this uWebSockets.js ends the process.
  idleTimeoutSeconds: [8, 960],
};

/** The defaults with what is given, checked. @throws RangeError that names the limit and its range. */
export function validTransportLimits(given: Partial<TransportLimits> = {}): TransportLimits {
  const limits = { ...defaultTransportLimits, ...given };
  for (const limit of Object.keys(RANGES) as (keyof TransportLimits)[]) {
    const [least, most] = RANGES[limit];
    const value = limits[limit];
    if (!(Number.isInteger(value) && value >= least && value <= most)) {
      throw new RangeError(`${limit} is ${value}; it must be a whole number from ${least} to ${most}`);
    }
  }
  return limits;
}
