import * as v from "valibot";
import { describe, expect, test } from "vitest";
import type { Field } from "./field.ts";
import {
  angle,
  bool,
  bytes,
  cold,
  fixed,
  i16,
  i32,
  interpolated,
  list,
  oneOf,
  optional,
  ref,
  text,
  tick,
  u8,
  u16,
  u32,
  visibleTo,
} from "./field-types.ts";
import { defineGame, type GameSpec } from "./game.ts";
import { held } from "./input.ts";
import { record, table } from "./table.ts";
import { MAX_FIELDS_PER_TABLE } from "./validate-definition.ts";

const define = (spec: Partial<GameSpec>) => () =>
  defineGame({ name: "test", tickRate: 20, state: { things: table({ n: u8 }) }, ...spec } as GameSpec);
const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, u8]));
const positioned = (x: Field) => ({ things: table({ x, y: u8 }, { position: ["x", "y"] }) });

const nameHint = "the name is part of a URL: use up to 32 lower-case letters, digits and hyphens";

describe("[DEF-1] a game that cannot work is refused with a sentence that names the place", () => {
  test.each<[string, Partial<GameSpec>]>([
    [`game "My Game": ${nameHint}`, { name: "My Game" }],
    [`game "": ${nameHint}`, { name: "" }],
    [`game "-a": ${nameHint}`, { name: "-a" }],
    [`game "${"a".repeat(33)}": ${nameHint}`, { name: "a".repeat(33) }],
    ["tickRate is 0; it must be from 1 to 240 ticks a second", { tickRate: 0 }],
    ["tickRate is 241;", { tickRate: 241 }],
    ["tickRate is NaN;", { tickRate: Number.NaN }],
    ['table "a b" needs another name: a plain identifier', { state: { "a b": table({ n: u8 }) } }],
    ['table "constructor" needs another name', { state: { constructor: table({ n: u8 }) } as never }],
    ['table "things" has no fields', { state: { things: table({}) } }],
    ['table "match" has no fields', { state: { match: record({}) } }],
    ['table "things" has 31 fields; split it: 30 is the most', { state: { things: table(fields(31)) } }],
    ['field of table "things" "id" needs another name', { state: { things: table({ id: u8 }) } }],
    ['field of table "things" "x-y" needs another name', { state: { things: table({ "x-y": u8 }) } }],
    ['field of table "things" "1" needs another name', { state: { things: table({ 1: u8 }) } }],
    [
      'field of table "match" "then" needs another name',
      { state: { match: record({ ["then" as string]: u8 }) } },
    ],
    [
      'field of table "things" "hasOwnProperty" needs another name',
      { state: { things: table({ hasOwnProperty: u8 }) } },
    ],
    [
      'field of table "things" "__proto__" needs another name',
      { state: { things: table({ ["__proto__"]: u8 }) } },
    ],
    [
      'field "of" of table "things" refers to "none", which is no table of this game',
      { state: { things: table({ of: ref("none") }) } },
    ],
    [
      'field "of" of table "things" refers to "match", which is no table',
      { state: { things: table({ of: ref("match") }), match: record({ n: u8 }) } },
    ],
    [
      'field "of" of table "things" refers to "none"',
      { state: { things: table({ of: list(optional(ref("none")), 3) }) } },
    ],
    [
      'field "of" of table "things" is cold and refers to rows',
      { state: { things: table({ of: cold(list(ref("things"), 3)) }) } },
    ],
    ['field "n" of table "things" has cold inside', { state: { things: table({ n: optional(cold(u8)) }) } }],
    [
      'table "things" has no field "y" for its position',
      { state: { things: table({ x: u8 } as Record<string, Field>, { position: ["x", "y"] }) } },
    ],
    ['field "x" of table "things" is a position, so it must be a number', { state: positioned(text(3)) }],
    ['field "x" of table "things" is a position', { state: positioned(optional(u8)) }],
    ['field "x" of table "things" is a position', { state: positioned(tick()) }],
    [
      'table "things" has fields visible to the owner, so it needs { owner: "player" }',
      { state: { things: table({ n: visibleTo("owner", u8) }) } },
    ],
    [
      'table "things" has fields visible to the owner',
      { state: { things: table({ n: u8 }, { visibleTo: "owner" }) } },
    ],
    [
      'table "match" has fields visible to the owner',
      { state: { match: record({ n: visibleTo("owner", u8) }) } },
    ],
    [
      'table "things" has fields visible to those in sight, so it needs a position',
      { state: { things: table({ n: visibleTo("sight", u8) }) } },
    ],
    [
      'table "things" has fields visible to those in sight',
      { state: { things: table({ n: u8 }, { visibleTo: "sight" }) } },
    ],
    [
      'table "match" has fields visible to those in sight',
      { state: { match: record({ n: visibleTo("sight", u8) }) } },
    ],
    [
      'table "things" has fields visible to its group, so it needs { group: "…" }: the field that names it',
      { state: { things: table({ n: visibleTo("group", u8) }) } },
    ],
    [
      'table "things" has fields visible to its group',
      { state: { things: table({ n: u8 }, { visibleTo: "group" }) } },
    ],
    [
      'table "match" has fields visible to its group',
      { state: { match: record({ n: visibleTo("group", u8) }) } },
    ],
    [
      'table "things" has no field "team" for its group',
      { state: { things: table({ n: u8 } as Record<string, Field>, { group: "team" }) } },
    ],
    ...[
      fixed(0, 1, 0.1),
      angle(),
      tick(),
      bytes(2),
      ref("things"),
      list(u8, 2),
      cold(u8),
      optional(optional(u8)),
    ].map((team): [string, Partial<GameSpec>] => [
      'field "team" of table "things" names its group, so it must be oneOf, a whole number, text or bool, or optional of these',
      { state: { things: table({ team }, { group: "team" }) } },
    ]),
    [
      'tables "a" and "b" are both owned by players; one can be',
      { state: { a: table({ n: u8 }, { owner: "player" }), b: table({ n: u8 }, { owner: "player" }) } },
    ],
    [
      'it predicts "things", which needs { owner: "player" }: what is predicted is a player\'s own row',
      { input: { go: held(u8) }, predict: { table: "things", step() {} } },
    ],
    [
      'it predicts "b", but the table owned by players is "a"',
      {
        state: { a: table({ n: u8 }, { owner: "player" }), b: table({ n: u8 }) },
        input: { go: held(u8) },
        predict: { table: "b", step() {} },
      },
    ],
    [
      'it predicts "a", but has no inputs that could move a row',
      { state: { a: table({ n: u8 }, { owner: "player" }) }, predict: { table: "a", step() {} } },
    ],
    [
      'it predicts "a", but says no step',
      {
        state: { a: table({ n: u8 }, { owner: "player" }) },
        input: { go: held(u8) },
        predict: { table: "a" } as never,
      },
    ],
    [
      'table "things" has no option "visibelTo"; there are owner, position, group, visibleTo',
      { state: { things: table({ n: u8 }, { visibelTo: "owner" } as object) } },
    ],
    ['it has no option "mesages"; there are name, tickRate, join, state,', { mesages: {} } as object],
    [
      'request "buy" has no option "error"; there are input, reply, errors',
      { requests: { buy: { input: v.any(), reply: v.any(), error: ["poor"] } as never } },
    ],
    [
      'request "buy" declares the error "lost", which Tickcast itself reports; rename it',
      { requests: { buy: { input: v.any(), reply: v.any(), errors: ["lost"] } } },
    ],
    ['event "my event" needs another name', { events: { "my event": {} } }],
    ['field of event "hit" "id" needs another name', { events: { hit: { id: u8 } } }],
    ['field "on" of event "hit" refers to "none"', { events: { hit: { on: ref("none") } } }],
    ['input "a b" needs another name', { input: { "a b": held(u8) } }],
    ['input "at" cannot be ref; send the row\'s id as u32 instead', { input: { at: held(ref("things")) } }],
    ['input "at" cannot be ref', { input: { at: held(list(ref("things"), 2), "optional") } }],
    ['input "at" cannot be cold', { input: { at: held(cold(u8)) } }],
    ['message "a.b" needs another name', { messages: { "a.b": v.string() } }],
    [
      'request "toString" needs another name',
      { requests: { toString: { input: v.string(), reply: v.string() } } },
    ],
    [
      'input "run" cannot be interpolated; only the state is drawn between ticks',
      { input: { run: held(interpolated(u8)) } },
    ],
    [
      'field "on" of event "hit" cannot be interpolated; only the state is drawn between ticks',
      { events: { hit: { on: interpolated(u8) } } },
    ],
    [
      'request "buy" declares the error "timeout", which Tickcast itself reports; rename it',
      { requests: { buy: { input: v.string(), reply: v.string(), errors: ["broke", "timeout"] } } },
    ],
  ])("%s", (message, spec) => {
    expect(define(spec)).toThrow(RangeError);
    expect(define(spec)).toThrow(message);
    expect(define(spec)).toThrow(/^game "/);
  });

  test.each<[string, Partial<GameSpec>]>([
    ["the longest name", { name: "a".repeat(32) }],
    ["the slowest rate", { tickRate: 1 }],
    ["the fastest rate", { tickRate: 240 }],
    ["a rate between two integers", { tickRate: 12.5 }],
    ["the widest table", { state: { things: table(fields(MAX_FIELDS_PER_TABLE)) } }],
    ["tables that refer to each other", { state: { a: table({ b: ref("b") }), b: table({ a: ref("a") }) } }],
    [
      "positions of any number",
      { state: { a: table({ x: fixed(0, 1, 0.1), y: u8 }, { position: ["x", "y"] }) } },
    ],
    [
      "groups by words, whole numbers, text or bool, or by none",
      {
        state: Object.fromEntries(
          [oneOf("red", "blue"), u8, u16, u32, i16, i32, text(8), bool].flatMap((team, i) => [
            [`a${i}`, table({ team, plan: visibleTo("group", u8) }, { group: "team" })],
            [`b${i}`, table({ team: optional(team) }, { group: "team", visibleTo: "group" })],
          ]),
        ),
      },
    ],
    ["a cold value around others", { state: { a: table({ level: cold(optional(list(bytes(9), 2))) }) } }],
    ["an event without fields", { events: { over: {} } }],
    ["inputs of values", { input: { a: held(list(angle(), 2), "optional"), b: held(bool) } }],
    ["an empty state", { state: {} }],
  ])("%s is taken", (_what, spec) => {
    expect(define(spec)).not.toThrow();
  });
});
