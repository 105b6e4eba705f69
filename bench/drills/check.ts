/** What a figure has to be. */
export type Bound =
  | { readonly atMost: number }
  | { readonly atLeast: number }
  | { readonly below: number }
  | { readonly exactly: number };

/** A figure that a drill is judged by. */
export interface Check {
  readonly says: string;
  readonly measured: number;
  readonly bound: Bound;
  /** `timing`: it says something of the server only where the machine is left to it. Absent: always. */
  readonly holds?: "timing";
}

/** What is not a number meets no bound. */
export function isMet({ measured, bound }: Check): boolean {
  if ("atMost" in bound) return measured <= bound.atMost;
  if ("atLeast" in bound) return measured >= bound.atLeast;
  if ("below" in bound) return measured < bound.below;
  return measured === bound.exactly;
}

/** The check as a sentence, with what was measured. */
export function checkText({ says, measured, bound }: Check): string {
  const wanted =
    "atMost" in bound
      ? `at most ${shown(bound.atMost)}`
      : "atLeast" in bound
        ? `at least ${shown(bound.atLeast)}`
        : "below" in bound
          ? `below ${shown(bound.below)}`
          : shown(bound.exactly);
  return `${says}: ${shown(measured)} (to be ${wanted})`;
}

function shown(value: number): string {
  return Number.isInteger(value)
    ? value.toLocaleString("en")
    : value.toLocaleString("en", { maximumSignificantDigits: 4 });
}
