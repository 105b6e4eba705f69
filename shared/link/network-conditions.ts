import { type LinkConditions, perfectLink } from "./link-model.ts";

/** How a network behaves, each way and over time. `Infinity` for what never happens. */
export interface NetworkConditions extends LinkConditions {
  /** From one stall to the next, in milliseconds. Nothing arrives during a stall, then everything does, in order. */
  readonly stallEveryMs: number;
  readonly stallForMs: number;
  /** From one cut of a connection to the next, in milliseconds. What was on its way is lost. */
  readonly cutEveryMs: number;
}

/** A network that is not there. */
export const perfectNetwork: NetworkConditions = {
  ...perfectLink,
  stallEveryMs: Number.POSITIVE_INFINITY,
  stallForMs: 0,
  cutEveryMs: Number.POSITIVE_INFINITY,
};

/** Whether it adds nothing at all. */
export function isPerfect(conditions: NetworkConditions): boolean {
  const { latencyMs, jitterMs, bytesPerSecond, stallForMs, cutEveryMs } = conditions;
  return (
    latencyMs + jitterMs + stallForMs === 0 &&
    !Number.isFinite(bytesPerSecond) &&
    !Number.isFinite(cutEveryMs)
  );
}

/**
 * Conditions with those that are given over them.
 *
 * @throws RangeError that names the condition, its value and what it must be
 */
export function networkConditions(
  given: Partial<NetworkConditions>,
  over: NetworkConditions = perfectNetwork,
): NetworkConditions {
  const conditions = { ...over, ...given };
  const { latencyMs, jitterMs, bytesPerSecond, stallEveryMs, stallForMs, cutEveryMs } = conditions;
  for (const [name, ms] of Object.entries({ latencyMs, jitterMs, stallForMs }))
    if (!(ms >= 0 && Number.isFinite(ms))) refuse(name, ms, "0 or more milliseconds");
  if (!(bytesPerSecond > 0)) refuse("bytesPerSecond", bytesPerSecond, "above 0, Infinity for no limit");
  for (const [name, ms] of Object.entries({ stallEveryMs, cutEveryMs }))
    if (!(ms > 0)) refuse(name, ms, "above 0 milliseconds, Infinity for never");
  if (stallForMs >= stallEveryMs)
    refuse("stallForMs", stallForMs, `less than stallEveryMs, which is ${stallEveryMs}`);
  return conditions;
}

function refuse(name: string, value: number, allowed: string): never {
  throw new RangeError(`${name} is ${value}; it must be ${allowed}`);
}

/** Conditions in words, for terminals: `80 ms each way, up to 20 ms more, still for 400 ms every 5 s`. */
export function conditionsInWords(conditions: NetworkConditions): string {
  const { latencyMs, jitterMs, bytesPerSecond, stallEveryMs, stallForMs, cutEveryMs } = conditions;
  const parts = [
    ...(latencyMs > 0 ? [`${latencyMs} ms each way`] : []),
    ...(jitterMs > 0 ? [`up to ${jitterMs} ms more`] : []),
    ...(Number.isFinite(bytesPerSecond) ? [`${bytesPerSecond / 1_000} kB/s each way`] : []),
    ...(Number.isFinite(stallEveryMs) && stallForMs > 0
      ? [`still for ${stallForMs} ms every ${stallEveryMs / 1_000} s`]
      : []),
    ...(Number.isFinite(cutEveryMs) ? [`cut every ${cutEveryMs / 1_000} s`] : []),
  ];
  return parts.length === 0 ? "as it is" : parts.join(", ");
}
