import { InvalidArgumentError } from "commander";

/** A port number, 0 included. */
export function port(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
  return Number(value);
}

/** A whole number of milliseconds, 0 included. */
export function milliseconds(name: string): (value: string) => number {
  return (value) => {
    if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError(`${name} is a whole number from 0.`);
    return Number(value);
  };
}

/** One of some words. */
export function oneOf<Word extends string>(name: string, words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw new InvalidArgumentError(`${name} is ${words.join(" or ")}.`);
    return word;
  };
}
