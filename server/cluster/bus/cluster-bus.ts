import type { Release } from "../../../shared/tick/clock.ts";

/** Bytes of one message. Beyond: it is not sent, and the sender is told. */
export const MOST_MESSAGE_BYTES = 64 * 1024;

/**
 * - `sent`: it is on its way; whether anybody hears it nobody knows
 * - `dropped`: the bus is out of reach, or as much waits already as may: it is gone
 */
export type Sent = "sent" | "dropped";

/**
 * Texts to whoever listens on a channel, in any process of the cluster, this one included.
 *
 * At most once: who does not listen at that moment, or whose line is down, never hears it. What one process sends on one channel
 * arrives in its order. Nothing waits for it: `publish` returns at once, and what is too much is dropped.
 *
 * One contract suite (`cluster-bus.contract.ts`) holds every implementation to this.
 */
export interface ClusterBus {
  /** @throws RangeError for a message beyond {@link MOST_MESSAGE_BYTES} */
  publish(channel: string, message: string): Sent;
  /** Resolves when messages that are sent from now on are heard; while the bus is out of reach, when it is back. */
  subscribe(
    channel: string,
    listener: (message: string) => void,
  ): { readonly ready: Promise<void>; readonly release: Release };
  close(): Promise<void>;
}

/** @throws RangeError for one that is too long */
export function validateMessage(channel: string, message: string): void {
  const bytes = Buffer.byteLength(message);
  if (bytes > MOST_MESSAGE_BYTES)
    throw new RangeError(`a message on ${channel} has ${bytes} bytes; it may have ${MOST_MESSAGE_BYTES}`);
}
