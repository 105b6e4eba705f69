/**
 * What the types of a game follow to, field by field. This file is compiled by `npm run check`, not run: each
 * `@ts-expect-error` is a mistake that must not compile.
 */
import * as v from "valibot";
import {
  bytes,
  cold,
  fixed,
  i16,
  interpolated,
  list,
  oneOf,
  optional,
  ref,
  text,
  tick,
  u8,
  visibleTo,
} from "./field-types.ts";
import { defineGame } from "./game.ts";
import { held, pressed } from "./input.ts";
import { record, table } from "./table.ts";
import type {
  EventName,
  EventOf,
  InputOf,
  JoinInputOf,
  JoinOf,
  MessageInputOf,
  MessageName,
  MessageOf,
  OwnerTable,
  ReadonlyRowOf,
  ReceivedEventOf,
  RequestErrorOf,
  RequestName,
  RowOf,
  TableNames,
} from "./types.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles where the two types are the same, `readonly` and `undefined` included. */
const same = <A, B>(_equal: Equal<A, B>): void => {};

const cards = defineGame({
  name: "cards",
  tickRate: 10,
  join: v.pipe(
    v.string(),
    v.transform((name) => name.length),
  ),
  state: {
    players: table(
      {
        name: text(8),
        hand: visibleTo("owner", list(ref("cards"), 5)),
        target: ref("players"),
        aim: optional(i16),
        path: list(list(u8, 2), 9),
        maybe: optional(list(optional(u8), 3)),
        avatar: bytes(64),
        deck: cold(list(u8, 60)),
        at: interpolated(fixed(0, 9, 1), { teleport: 3 }),
        mood: visibleTo("owner", interpolated(oneOf("calm", "wild"))),
        bid: interpolated(visibleTo("owner", optional(i16))),
      },
      { owner: "player" },
    ),
    cards: table({ suit: oneOf("hearts", "spades"), rank: u8 }),
    match: record({ phase: oneOf("deal", "play"), endsAt: tick(), leader: ref("players") }),
  },
  input: { choice: held(oneOf("a", "b")), aim: held(u8, "optional"), play: pressed() },
  events: { dealt: { to: ref("players"), cards: list(ref("cards"), 5) }, over: {} },
  messages: { chat: v.pipe(v.string(), v.transform(Number)) },
  requests: {
    draw: { input: v.number(), reply: v.string(), errors: ["empty", "turn"] },
    pass: { input: v.undefined(), reply: v.undefined() },
  },
});
type Cards = typeof cards.spec;
type State = Cards["state"];
type Player = RowOf<State, "players">;
type SeenPlayer = ReadonlyRowOf<State, "players">;
type Card = RowOf<State, "cards">;
type SeenCard = ReadonlyRowOf<State, "cards">;

// Rows and records.
same<Player["hand"], (Card | undefined)[]>(true);
same<SeenPlayer["hand"], readonly (SeenCard | undefined)[]>(true);
same<Player["target"], Player | undefined>(true);
same<SeenPlayer["target"], SeenPlayer | undefined>(true);
same<Player["aim"], number | undefined>(true);
same<Player["path"], number[][]>(true);
same<SeenPlayer["path"], readonly (readonly number[])[]>(true);
same<Player["maybe"], (number | undefined)[] | undefined>(true);
same<Player["avatar"], Uint8Array>(true);
same<Player["deck"], number[]>(true);
same<SeenPlayer["deck"], readonly number[]>(true);
same<SeenPlayer["at"], number>(true);
same<SeenPlayer["mood"], "calm" | "wild">(true);
same<Player["bid"], number | undefined>(true);
same<Card["suit"], "hearts" | "spades">(true);
same<RowOf<State, "match">["phase"], "deal" | "play">(true);
same<ReadonlyRowOf<State, "match">["leader"], SeenPlayer | undefined>(true);
same<RowOf<State, "match">["id"], number>(true);
same<keyof Card, "id" | "suit" | "rank">(true);

// Names.
same<TableNames<State>, "players" | "cards">(true);
same<OwnerTable<State>, "players">(true);
same<EventName<Cards>, "dealt" | "over">(true);

export function author(player: Player, seen: SeenPlayer, card: Card): void {
  player.hand.push(card, undefined);
  player.target = player;
  player.target = undefined;
  player.path[0]?.push(1);
  // @ts-expect-error the id is the room's to give
  player.id = 1;
  // @ts-expect-error a reference to a row of another table
  player.target = card;
  // @ts-expect-error an id is no reference
  player.target = 5;
  // @ts-expect-error a mirror is read-only
  seen.name = "Ada";
  // @ts-expect-error and so are its lists
  seen.path.push([]);
  // @ts-expect-error at any depth
  seen.path[0]?.push(1);
  // @ts-expect-error and the rows that it refers to
  if (seen.target !== undefined) seen.target.name = "Ada";
  // @ts-expect-error undefined is for optional fields
  player.name = undefined;
}

// Inputs, events, calls.
same<InputOf<Cards>["choice"], "a" | "b">(true);
same<InputOf<Cards>["aim"], number | undefined>(true);
same<InputOf<Cards>["play"], boolean>(true);
same<EventOf<Cards, "dealt">["cards"], (Card | undefined)[]>(true);
same<ReceivedEventOf<Cards, "dealt">["to"], SeenPlayer | undefined>(true);
same<keyof EventOf<Cards, "over">, never>(true);
same<JoinInputOf<Cards>, string>(true);
same<JoinOf<Cards>, number>(true);
same<MessageInputOf<Cards, "chat">, string>(true);
same<MessageOf<Cards, "chat">, number>(true);
same<RequestErrorOf<Cards, "draw">, "empty" | "turn">(true);
same<RequestErrorOf<Cards, "pass">, never>(true);

// A game with no more than a state: no owner, no join, nothing to send or ask.
const plain = defineGame({ name: "plain", tickRate: 1, state: { dots: table({ n: u8 }) } });
type Plain = typeof plain.spec;
same<OwnerTable<Plain["state"]>, never>(true);
same<JoinInputOf<Plain>, undefined>(true);
same<JoinOf<Plain>, undefined>(true);
same<MessageName<Plain>, never>(true);
same<RequestName<Plain>, never>(true);
same<EventName<Plain>, never>(true);
same<keyof InputOf<Plain>, never>(true);

// Predictions: what a step is given follows from the same literal.
const dive = defineGame({
  name: "dive",
  tickRate: 10,
  state: {
    divers: table(
      { depth: u8, air: optional(u8), buddy: ref("divers"), mood: oneOf("calm", "cold") },
      { owner: "player" },
    ),
    fish: table({ depth: u8, school: list(ref("fish"), 3) }),
    sea: record({ current: i16 }),
  },
  input: { sink: held(u8, "optional"), turn: held(oneOf("left", "right")), kick: pressed() },
  predict: {
    table: "divers",
    step(row, input, dt, world) {
      same<typeof row, RowOf<typeof dive.spec.state, "divers">>(true);
      same<typeof input.sink, number | undefined>(true);
      same<typeof input.turn, "left" | "right">(true);
      same<typeof input.kick, boolean>(true);
      same<typeof dt, number>(true);
      same<typeof world.tick, number>(true);
      row.depth += (input.sink ?? 0) * dt + world.state.sea.current;
      row.air = undefined;
      row.mood = world.state.divers.get(3)?.buddy?.mood ?? "cold";
      for (const fish of world.state.fish) fish.school[0]?.depth satisfies number | undefined;
      // @ts-expect-error the row has no such field
      row.y = 1;
      // @ts-expect-error the id is the room's to give
      row.id = 1;
      // @ts-expect-error no such input
      input.jump;
      // @ts-expect-error inputs are read-only
      input.kick = false;
      // @ts-expect-error the world is to look at: its records
      world.state.sea.current = 0;
      // @ts-expect-error its tables
      world.state.fish.add({ depth: 1 });
      // @ts-expect-error and their rows
      for (const fish of world.state.fish) fish.depth = 0;
    },
  },
});
same<keyof (typeof dive.spec)["input"], "sink" | "turn" | "kick">(true);
same<(typeof dive.spec)["predict"]["table"], "divers">(true);

const divers = table({ depth: u8 }, { owner: "player" });
const fish = table({ depth: u8 });
const sink = (row: { depth: number }, input: { readonly sink: number }, dt: number): void => {
  row.depth += input.sink * dt;
};
// A step with types of its own fits, where it needs no more than there is.
const elsewhere = { state: { divers, fish }, input: { sink: held(u8) } };
defineGame({ name: "sink", tickRate: 1, ...elsewhere, predict: { table: "divers", step: sink } });
// @ts-expect-error it needs another input
defineGame({ name: "sink", tickRate: 1, ...elsewhere, input: {}, predict: { table: "divers", step: sink } });
// @ts-expect-error only players' own rows are predicted
defineGame({ name: "sink", tickRate: 1, ...elsewhere, predict: { table: "fish", step() {} } });
// @ts-expect-error a game without such a table predicts nothing
defineGame({ name: "sink", tickRate: 1, state: { fish }, predict: { table: "fish", step() {} } });
// @ts-expect-error a step is to be there
defineGame({ name: "sink", tickRate: 1, ...elsewhere, predict: { table: "divers" } });

// @ts-expect-error a position names fields of the table
table({ x: u8, y: u8 }, { position: ["x", "z"] });
table({ team: oneOf("red", "blue"), plan: visibleTo("group", text(8)) }, { group: "team" });
// @ts-expect-error a group is named by a field of the table
table({ team: oneOf("red", "blue") }, { group: "side" });
// @ts-expect-error and by one field
table({ team: oneOf("red", "blue") }, { group: ["team"] });
// @ts-expect-error a reference of another tick may lead nowhere
interpolated(ref("cards"));
// @ts-expect-error no such option
interpolated(u8, { jump: 3 });
// @ts-expect-error nobody else can be told
visibleTo("team", u8);
// @ts-expect-error only players own rows
table({ x: u8 }, { owner: "team" });
// @ts-expect-error no such option: the secret would be public
table({ x: u8 }, { owner: "player", visibelTo: "owner" });
// @ts-expect-error no such part of a game
defineGame({ name: "none", tickRate: 1, state: {}, mesages: {} });
// @ts-expect-error a game has a rate
defineGame({ name: "none", state: {} });
// @ts-expect-error tables are made with table()
defineGame({ name: "none", tickRate: 1, state: { dots: { n: u8 } } });
