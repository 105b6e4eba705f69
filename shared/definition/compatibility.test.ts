import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { decodeTrusted, encode } from "../protocol/codec.ts";
import { compatibility } from "./compatibility.ts";
import type { GameDescription } from "./description.ts";
import { fixed, oneOf, ref, u8, u16, visibleTo } from "./field-types.ts";
import { defineGame, type GameSpec } from "./game.ts";
import { held, pressed } from "./input.ts";
import { type Fields, record, table } from "./table.ts";

const players = { x: fixed(0, 100, 0.1), hp: u8 };
const spec = {
  name: "arena",
  tickRate: 20,
  state: {
    players: table(players, { owner: "player" }),
    match: record({ phase: oneOf("warmup", "live") }),
  },
  input: { move: held(u8), fire: pressed() },
  events: { hit: { on: ref("players"), damage: u8 } },
  messages: { chat: v.string() },
  requests: { buy: { input: v.string(), reply: v.number(), errors: ["broke"] } },
} satisfies GameSpec;

const describeGame = (change: Partial<GameSpec>): GameDescription =>
  // As a client has it: received, not the server's own object.
  decodeTrusted(encode(defineGame({ ...spec, ...change } as GameSpec).description)) as GameDescription;
const known = describeGame({});

describe("[DEF-4] a client plays on a server", () => {
  const owned = (fields: Fields) => ({
    state: { ...spec.state, players: table(fields, { owner: "player" }) },
  });

  test.each<[string, Partial<GameSpec>]>([
    ["that has the same game", {}],
    ["with another rate", { tickRate: 60 }],
    ["with one more table", { state: { bonus: table({ n: u8 }), ...spec.state } }],
    ["with one more field", owned({ mana: u8, ...players })],
    ["with its fields in another order", owned({ hp: u8, x: fixed(0, 100, 0.1) })],
    ["with one more input", { input: { ...spec.input, jump: pressed() } }],
    [
      "with one more event, and one more field in another",
      { events: { boom: {}, hit: { by: ref("players"), ...spec.events.hit } } },
    ],
    [
      "with one more message and request",
      {
        messages: { ...spec.messages, sing: v.string() },
        requests: { ...spec.requests, sell: { input: v.string(), reply: v.string() } },
      },
    ],
    [
      "whose rows have a position",
      {
        state: {
          ...spec.state,
          players: table({ ...players, y: u8 }, { owner: "player", position: ["x", "y"], visibleTo: "room" }),
        },
      },
    ],
    [
      "whose rows have a group, with fields for it",
      {
        state: {
          ...spec.state,
          players: table({ ...players, plan: visibleTo("group", u8) }, { owner: "player", group: "hp" }),
        },
      },
    ],
  ])("%s", (_what, change) => {
    expect(compatibility(known, describeGame(change))).toEqual({ compatible: true });
  });

  test.each<[string, Partial<GameSpec>]>([
    ['the game is "other", not "arena"', { name: "other" }],
    ['table "match" is gone', { state: { players: spec.state.players } }],
    [
      'table "match" has changed its kind',
      { state: { ...spec.state, match: table({ phase: oneOf("warmup", "live") }) } },
    ],
    ['table "players" has changed its kind', { state: { ...spec.state, players: table(players) } }],
    ['field of table "players" "hp" is gone', owned({ x: players.x })],
    ['field of table "players" "hp" has changed', owned({ ...players, hp: u16 })],
    ['field of table "players" "x" has changed', owned({ ...players, x: fixed(0, 100, 0.5) })],
    ['field of table "players" "hp" has changed', owned({ ...players, hp: visibleTo("owner", u8) })],
    [
      'field of table "players" "hp" has changed',
      {
        state: {
          ...spec.state,
          players: table({ ...players, hp: visibleTo("group", u8) }, { owner: "player", group: "hp" }),
        },
      },
    ],
    [
      'field of table "match" "phase" has changed',
      { state: { ...spec.state, match: record({ phase: oneOf("warmup", "live", "over") }) } },
    ],
    ['input "fire" is gone', { input: { move: held(u8) } }],
    ['input "move" has changed', { input: { ...spec.input, move: held(u8, "optional") } }],
    ['event "hit" is gone', { events: {} }],
    ['field of event "hit" "damage" is gone', { events: { hit: { on: ref("players") } } }],
    ['field of event "hit" "damage" has changed', { events: { hit: { ...spec.events.hit, damage: u16 } } }],
    ['message "chat" is gone', { messages: {} }],
    ['request "buy" is gone', { requests: {} }],
    ['request "buy" has changed', { requests: { buy: { ...spec.requests.buy, errors: ["broke", "late"] } } }],
  ])("unless what it knows is gone or has changed: %s", (problem, change) => {
    expect(compatibility(known, describeGame(change))).toEqual({ compatible: false, problems: [problem] });
  });

  test("nor where what the room saw is for those in sight now: it would take rows out of sight for there", () => {
    const sighted = table({ ...players, y: u8 }, { owner: "player", position: ["x", "y"] });
    expect(compatibility(known, describeGame({ state: { ...spec.state, players: sighted } }))).toEqual({
      compatible: false,
      problems: ['field of table "players" "x" has changed', 'field of table "players" "hp" has changed'],
    });
  });

  test("and otherwise learns of every problem at once", () => {
    const server = describeGame({ ...owned({ x: players.x }), input: {}, messages: {} });
    expect(compatibility(known, server)).toEqual({
      compatible: false,
      problems: [
        'field of table "players" "hp" is gone',
        'input "move" is gone',
        'input "fire" is gone',
        'message "chat" is gone',
      ],
    });
  });
});
