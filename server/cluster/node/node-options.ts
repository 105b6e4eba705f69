/** Times and bounds of a node of a cluster. */
export interface NodeOptions {
  /** How often rooms are compared with what the directory knows of them, in milliseconds: how old a hint may be. */
  readonly syncMs: number;
  /** Questions about rooms that are under way at once. Beyond: they wait for one of them. */
  readonly writesAtOnce: number;
  /** After so many milliseconds what the directory did not answer is asked again. */
  readonly retryMs: number;
  /** For so long a node that leaves waits until its rooms are forgotten, in milliseconds. Beyond: they are orphans. */
  readonly leaveMs: number;
}

export const nodeDefaults: NodeOptions = { syncMs: 100, writesAtOnce: 32, retryMs: 100, leaveMs: 1_000 };

/** @throws RangeError that names the option and what is allowed */
export function nodeOptions(given: Partial<NodeOptions> = {}): NodeOptions {
  const options = { ...nodeDefaults, ...given };
  for (const [name, number] of Object.entries(options))
    if (!(Number.isSafeInteger(number) && number >= 1))
      throw new RangeError(`${name} is ${number}; it must be a whole number, 1 at least`);
  return options;
}
