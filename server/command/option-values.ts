import { InvalidArgumentError } from "commander";

/** One of some words. */
export function oneOf<Word extends string>(name: string, words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw new InvalidArgumentError(`${name} is ${words.join(" or ")}.`);
    return word;
  };
}
