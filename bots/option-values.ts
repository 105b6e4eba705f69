import { InvalidArgumentError } from "commander";

/** A whole number in a range, both ends included. */
export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= least && number <= most))
      throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
    return number;
  };
}

/** A number of seconds above 0, fractions allowed. */
export function seconds(value: string): number {
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (!(number > 0 && number <= 86_400))
    throw new InvalidArgumentError("It is a number of seconds above 0, at most 86400.");
  return number;
}

/** A rate by the second: `50/s`, or `50`. */
export function perSecond(value: string): number {
  const rate = /^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(value)?.[1];
  if (rate === undefined || !(Number(rate) > 0))
    throw new InvalidArgumentError("It is a number of bots a second, like 50/s.");
  return Number(rate);
}
