import { createHash } from "node:crypto";

/**
 * What a client shows to have its seat again: `secret.voice`. The secret names the seat; the voice says which of
 * its clients is speaking, for only the last one may go on where it was (see {@link Seat.voice}).
 */
export interface SeatToken {
  readonly secret: string;
  readonly voice: number;
}

export function writeSeatToken({ secret, voice }: SeatToken): string {
  return `${secret}.${voice}`;
}

/** `undefined` for what is no token. */
export function readSeatToken(written: string): SeatToken | undefined {
  const dot = written.lastIndexOf(".");
  const digits = written.slice(dot + 1);
  if (dot < 1 || !/^\d{1,9}$/.test(digits)) return undefined;
  return { secret: written.slice(0, dot), voice: Number(digits) };
}

/** Stands for a secret where it is stored: whoever reads it there cannot take the seat. 128 random bits need no salt. */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
