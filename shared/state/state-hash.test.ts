import fc from "fast-check";
import { expect, test } from "vitest";
import type { Wire } from "./field-codec.ts";
import { type HashedTable, stateHash } from "./state-hash.ts";

const table = (rows: readonly (readonly [id: number, ...values: Wire[]])[], mask = 0b111): HashedTable => ({
  mask,
  rows: rows.map(([id, ...values]) => ({ id, values })),
});
const hashOf = (...values: Wire[]) => stateHash([table([[1, ...values]])]);

test("[STA-23] the hash of a state does not depend on the order of its rows", () => {
  const rows = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer()), {
    selector: ([id]) => id,
    minLength: 1,
  });
  const shuffled = rows.chain((given) =>
    fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
  );
  fc.assert(
    fc.property(shuffled, ([one, other]) => {
      expect(stateHash([table(one)])).toBe(stateHash([table(other)]));
    }),
    { seed: 233 },
  );
});

test("[STA-23] states that differ in a value, its type, a row or a table have different hashes", () => {
  const states = [
    hashOf(0),
    hashOf(1),
    hashOf(-1),
    hashOf(false),
    hashOf(true),
    hashOf(""),
    hashOf("0"),
    hashOf(null),
    hashOf([]),
    hashOf([0]),
    hashOf([[0]]),
    hashOf([0, 0]),
    hashOf(new Uint8Array(0)),
    hashOf(Uint8Array.of(0)),
    hashOf(0, 1),
    hashOf(1, 0),
    stateHash([]),
    stateHash([table([])]),
    stateHash([table([]), table([])]),
    stateHash([table([[2, 0]])]),
    stateHash([table([]), table([[1, 0]])]),
    stateHash([
      table([
        [1, 0],
        [2, 0],
      ]),
    ]),
  ];
  expect(new Set(states).size).toBe(states.length);
});

test("[STA-23] fields and tables that the audience does not see do not count", () => {
  const seen = (secret: number) => stateHash([table([[1, 5, secret]], 0b01)]);
  expect(seen(1)).toBe(seen(2));
  expect(stateHash([table([[1, 5]], 0), table([[2, 6]])])).toBe(stateHash([table([], 0), table([[2, 6]])]));
});
