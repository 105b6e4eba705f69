/** A source of numbers in [0, 1). */
export type Random = () => number;

/**
 * A generator whose numbers follow from its seed alone, on every machine.
 *
 * Source: sfc32 by Chris Doty-Humphrey (PractRand), period at least 2^32; the seed fills its state and the
 * first twelve numbers are thrown away, as there.
 */
export function seededRandom(seed: number): Random {
  let a = 0;
  let b = seed | 0;
  let c = Math.floor(seed / 0x1_0000_0000) | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}
