/** A source of numbers in [0, 1). */
export type Random = () => number;

/** All of a generator: what {@link resumedRandom} goes on from. */
export type RandomState = readonly [number, number, number, number];

/** A source of numbers that can be saved. */
export interface SeededRandom extends Random {
  readonly state: () => RandomState;
}

/**
 * A generator whose numbers follow from its seed alone, on every machine.
 *
 * Source: sfc32 by Chris Doty-Humphrey (PractRand), period at least 2^32; the seed fills its state and the
 * first twelve numbers are thrown away, as there.
 */
export function seededRandom(seed: number): SeededRandom {
  const random = resumedRandom([0, seed | 0, Math.floor(seed / 0x1_0000_0000) | 0, 1]);
  for (let i = 0; i < 12; i++) random();
  return random;
}

/** The generator whose state this was: its next number is the one that the other would have given. */
export function resumedRandom(state: RandomState): SeededRandom {
  let [a, b, c, counter] = state;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  return Object.assign(next, { state: (): RandomState => [a, b, c, counter] });
}
