import { InvalidArgumentError } from "commander";

/** A port number, 0 included. */
export function port(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
  return Number(value);
}

/** So many seconds, 0 included, at most a day. */
export function seconds(value: string): number {
  if (!/^\d+(\.\d+)?$/.test(value) || Number(value) > 86_400)
    throw new InvalidArgumentError("It is a number of seconds from 0 to 86400.");
  return Number(value);
}

/** One of some words. */
export function oneOf<Word extends string>(name: string, words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw new InvalidArgumentError(`${name} is ${allowed(words)}.`);
    return word;
  };
}

function allowed(words: readonly string[]): string {
  return words.length < 3 ? words.join(" or ") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
