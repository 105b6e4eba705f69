import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { decodeTrusted, encode } from "../protocol/codec.ts";
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
import { held, pressed } from "./input.ts";
import { record, table } from "./table.ts";

const spec = {
  name: "arena",
  tickRate: 20,
  join: v.object({ name: v.string() }),
  state: {
    players: table(
      {
        name: text(32),
        x: fixed(0, 4000, 0.1),
        y: i32,
        heading: angle(),
        hand: visibleTo("owner", list(u8, 12)),
        aim: optional(i16),
        deck: cold(list(bytes(8), 3)),
      },
      { owner: "player", position: ["x", "y"] },
    ),
    bullets: table({ by: ref("players"), alive: bool, n: u32 }),
    match: record({ phase: oneOf("warmup", "live"), endsAt: tick() }),
  },
  input: { move: held(angle(16), "optional"), throttle: held(u8), fire: pressed() },
  events: { hit: { by: ref("players"), damage: u16 }, over: {} },
  messages: { chat: v.string() },
  requests: {
    buy: { input: v.string(), reply: v.number(), errors: ["broke", "gone"] },
    sell: { input: v.string(), reply: v.number() },
  },
} satisfies GameSpec;

/** The game with some parts of its spec in place of its own. */
const arena = (...changes: Partial<GameSpec>[]) =>
  defineGame(Object.assign({}, spec, ...changes) as GameSpec);
const state = (changes: GameSpec["state"]): Partial<GameSpec> => ({ state: { ...spec.state, ...changes } });

describe("[DEF-2] a game is described", () => {
  test("as plain data in the order of its definition", () => {
    expect(arena().description).toStrictEqual({
      name: "arena",
      tickRate: 20,
      tables: [
        {
          name: "players",
          kind: "table",
          owner: "player",
          position: ["x", "y"],
          fields: [
            { name: "name", field: { type: "text", maxBytes: 32 }, visibleTo: "sight" },
            { name: "x", field: { type: "fixed", min: 0, max: 4000, step: 0.1 }, visibleTo: "sight" },
            { name: "y", field: { type: "i32" }, visibleTo: "sight" },
            { name: "heading", field: { type: "angle", steps: 256 }, visibleTo: "sight" },
            { name: "hand", field: { type: "list", of: { type: "u8" }, max: 12 }, visibleTo: "owner" },
            { name: "aim", field: { type: "optional", of: { type: "i16" } }, visibleTo: "sight" },
            {
              name: "deck",
              field: { type: "cold", of: { type: "list", of: { type: "bytes", max: 8 }, max: 3 } },
              visibleTo: "sight",
            },
          ],
        },
        {
          name: "bullets",
          kind: "table",
          fields: [
            { name: "by", field: { type: "ref", table: "players" }, visibleTo: "room" },
            { name: "alive", field: { type: "bool" }, visibleTo: "room" },
            { name: "n", field: { type: "u32" }, visibleTo: "room" },
          ],
        },
        {
          name: "match",
          kind: "record",
          fields: [
            { name: "phase", field: { type: "oneOf", options: ["warmup", "live"] }, visibleTo: "room" },
            { name: "endsAt", field: { type: "tick" }, visibleTo: "room" },
          ],
        },
      ],
      inputs: [
        { name: "move", kind: "held", field: { type: "optional", of: { type: "angle", steps: 16 } } },
        { name: "throttle", kind: "held", field: { type: "u8" } },
        { name: "fire", kind: "pressed", field: { type: "bool" } },
      ],
      events: [
        {
          name: "hit",
          fields: [
            { name: "by", field: { type: "ref", table: "players" } },
            { name: "damage", field: { type: "u16" } },
          ],
        },
        { name: "over", fields: [] },
      ],
      messages: ["chat"],
      requests: [
        { name: "buy", errors: ["broke", "gone"] },
        { name: "sell", errors: [] },
      ],
    });
  });

  test("with the field that names a row's group", () => {
    const team = oneOf("red", "blue");
    const units = table({ team, plan: visibleTo("group", text(8)) }, { group: "team" });
    const [described] = arena({ state: { units, players: spec.state.players } }).description.tables;
    expect(described).toStrictEqual({
      name: "units",
      kind: "table",
      group: "team",
      fields: [
        { name: "team", field: { type: "oneOf", options: ["red", "blue"] }, visibleTo: "room" },
        { name: "plan", field: { type: "text", maxBytes: 8 }, visibleTo: "group" },
      ],
    });
  });

  test("so that it survives JSON and the wire", () => {
    const { description } = arena();
    expect(JSON.parse(JSON.stringify(description))).toStrictEqual(description);
    const received = decodeTrusted(encode(description));
    expect(received).toStrictEqual(description);
    expect(JSON.stringify(received)).toBe(JSON.stringify(description));
  });

  test("where the least game has a name, a rate and a state", () => {
    expect(defineGame({ name: "echo", tickRate: 1, state: {} }).description).toStrictEqual({
      name: "echo",
      tickRate: 1,
      tables: [],
      inputs: [],
      events: [],
      messages: [],
      requests: [],
    });
  });
});

describe("[DEF-5] a field is as visible as its table", () => {
  const visibility = (...[fields, options]: Parameters<typeof table>) =>
    arena({ state: { hands: table(fields, options) }, events: {} }).description.tables[0]?.fields.map(
      (field) => field.visibleTo,
    );

  test("which is the room unless the table says otherwise", () => {
    expect(visibility({ a: u8, b: visibleTo("owner", u8) }, { owner: "player" })).toEqual(["room", "owner"]);
    expect(visibility({ a: u8, b: visibleTo("room", u8) }, { owner: "player", visibleTo: "owner" })).toEqual([
      "owner",
      "room",
    ]);
    expect(visibility({ a: optional(visibleTo("owner", u8)) }, { owner: "player" })).toEqual(["owner"]);
  });
});

test("[DEF-8] what a game predicts is part of neither its description nor its hash", () => {
  const step = () => {};
  const predicting = arena({ predict: { table: "players", step } });
  expect(predicting.spec.predict?.step).toBe(step);
  expect(predicting.description).toEqual(arena().description);
  expect(predicting.hash).toBe(arena().hash);
});

describe("[DEF-3] the hash of a game", () => {
  const changed: [string, Partial<GameSpec>][] = [
    ["the name", { name: "arena-2" }],
    ["the rate", { tickRate: 30 }],
    ["a table's name", { state: { ...spec.state, rounds: record({ n: u8 }) } }],
    ["a field's type", state({ bullets: table({ by: ref("players"), alive: bool, n: u16 }) })],
    ["a field's name", state({ bullets: table({ by: ref("players"), alive: bool, m: u32 }) })],
    ["the order of fields", state({ bullets: table({ alive: bool, by: ref("players"), n: u32 }) })],
    ["a referred table", state({ bullets: table({ by: ref("bullets"), alive: bool, n: u32 }) })],
    ["a table's kind", state({ bullets: record({ by: ref("players"), alive: bool, n: u32 }) })],
    ["a position", state({ players: table(spec.state.players.fields, { owner: "player" }) })],
    [
      "a visibility",
      state({
        players: table(
          { ...spec.state.players.fields, x: visibleTo("owner", fixed(0, 4000, 0.1)) },
          { owner: "player", position: ["x", "y"] },
        ),
      }),
    ],
    ["an option's order", state({ match: record({ phase: oneOf("live", "warmup"), endsAt: tick() }) })],
    ["an input's kind", { input: { ...spec.input, fire: held(bool) } }],
    ["an input's presence", { input: { ...spec.input, move: held(angle(16)) } }],
    ["an event", { events: { hit: spec.events.hit } }],
    ["a message", { messages: { say: v.string() } }],
    [
      "a request's errors",
      { requests: { ...spec.requests, sell: { ...spec.requests.sell, errors: ["broke"] } } },
    ],
  ];

  test("is that of any game defined alike, whatever its schemas", () => {
    expect(arena().hash).toBe(arena({}).hash);
    expect(arena({ join: v.string(), messages: { chat: v.number() } }).hash).toBe(arena().hash);
    expect(arena().hash).toMatch(/^[0-9a-f]{16}$/);
  });

  test.each(changed)("changes with %s", (_what, change) => {
    expect(arena(change).hash).not.toBe(arena().hash);
  });

  test("differs between all of these", () => {
    expect(new Set(changed.map(([, change]) => arena(change).hash)).size).toBe(changed.length);
  });
});

test("[DEF-7] what is interpolated is no part of the description, nor of the hash", () => {
  const { fields } = spec.state.players;
  const marked = { ...fields, x: interpolated(fields.x, { teleport: 100 }), hand: interpolated(fields.hand) };
  const game = arena(state({ players: table(marked, { owner: "player", position: ["x", "y"] }) }));
  expect(game.description).toEqual(arena().description);
  expect(game.hash).toBe(arena().hash);
});
