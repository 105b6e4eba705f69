import { InvalidArgumentError } from "commander";

/** A number from `least` to `most`, fractions included. */
export function numberBetween(least: number, most: number): (value: string) => number {
  return (value) => {
    const parsed = value.trim() === "" ? Number.NaN : Number(value);
    if (!(parsed >= least && parsed <= most))
      throw new InvalidArgumentError(`It is a number from ${least} to ${most}.`);
    return parsed;
  };
}
