import { expect, test } from "vitest";
import { expectState } from "./expect-state.ts";

const ada = { id: 1, name: "Ada", x: 12.5, hand: [3, 5] as const, target: undefined };
const grace = { id: 4, name: "Grace", x: 0, hand: undefined, target: ada };
/** A state as mirrors and rooms have it: tables are iterable, records are not. */
const of = {
  state: {
    players: [ada, grace],
    match: { id: 0, phase: "warmup", round: 2 },
  },
};

const messageOf = (expected: Parameters<typeof expectState<typeof of.state>>[1]): string => {
  try {
    expectState(of, expected);
  } catch (error) {
    return String(error);
  }
  return "as expected";
};

test.each([
  ["a record's fields", { match: { phase: "warmup" } }],
  ["all rows, as much of them as matters", { players: [{ name: "Ada" }, {}] }],
  ["rows by id, and one that must not be there", { players: { 4: { name: "Grace" }, 2: undefined } }],
  ["values that a function judges", { players: [{ x: (x: number) => x > 12 }, { name: "Grace" }] }],
  ["all rows of a table, judged at once", { players: (rows: readonly unknown[]) => rows.length === 2 }],
  [
    "lists, references, and what is not seen",
    { players: [{ hand: [3, 5] }, { hand: undefined, target: { id: 1 } }] },
  ],
] as const)("[KIT-3] it takes %s", (_what, expected) => {
  expect(messageOf(expected as never)).toBe("as expected");
});

test.each([
  ["match.phase is 'warmup', expected 'live'", { match: { phase: "live" } }],
  ["players #1.x is 12.5, expected 13", { players: [{ x: 13 }, {}] }],
  ["players #4.name is 'Grace', expected 'Linus'", { players: { 4: { name: "Linus" } } }],
  [
    "players #1.x is 12.5, which is refused by (x) => x > 13",
    { players: [{ x: (x: number) => x > 13 }, {}] },
  ],
  ["players has 2 rows, expected 1", { players: [{}] }],
  ["players #2 is not there, expected { name: 'Linus' }", { players: { 2: { name: "Linus" } } }],
  ["players #4 is there, expected no such row", { players: { 4: undefined } }],
  ["players #1.hand[1] is 5, expected 6", { players: [{ hand: [3, 6] }, {}] }],
  ["players #1.hand is [ 3, 5 ], expected [ 3 ]", { players: [{ hand: [3] }, {}] }],
  ["players #1.hand is [ 3, 5 ], expected undefined", { players: [{ hand: undefined }, {}] }],
  ["players #4.target.id is 1, expected 4", { players: { 4: { target: { id: 4 } } } }],
  ["players #1.target is undefined, expected { id: 4 }", { players: { 1: { target: { id: 4 } } } }],
  ["which is refused by (rows) => rows.length === 3", { players: (rows: unknown[]) => rows.length === 3 }],
  ['there is no table or record "teams"', { teams: [] }],
])("[KIT-3] it says: %s", (sentence, expected) => {
  expect(messageOf(expected as never)).toContain(sentence);
});

test("[KIT-3] many differences are told in part", () => {
  const players = Object.fromEntries(Array.from({ length: 20 }, (_, id) => [id + 10, {}]));
  const message = messageOf({ players } as never);
  expect(message.match(/is not there/g)).toHaveLength(12);
  expect(message).toContain("… and 8 more");
});
