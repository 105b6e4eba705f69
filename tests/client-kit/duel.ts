import * as v from "valibot";
import type { ClientRoom } from "../../client/client-room.ts";
import { connectWith } from "../../client/connect.ts";
import {
  angle,
  defineGame,
  held,
  list,
  oneOf,
  pressed,
  record,
  ref,
  table,
  text,
  u8,
  u16,
  visibleTo,
} from "../../shared/game.ts";
import { ReplyStatus, ServerFrame } from "../../shared/protocol/frames.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { ScriptedServer } from "./scripted-server.ts";

/** A game with one of each: tables, a record, references, what the owner alone sees, both kinds of inputs. */
export const duel = defineGame({
  name: "duel",
  tickRate: 20,
  state: {
    players: table(
      { name: text(16), x: u16, target: ref("players"), hand: visibleTo("owner", list(u8, 5)) },
      { owner: "player" },
    ),
    shots: table({ x: u16, by: ref("players") }),
    match: record({ phase: oneOf("warmup", "live", "over"), round: u8, leader: ref("players") }),
  },
  input: { move: held(angle(), "optional"), fire: pressed() },
  events: { hit: { by: ref("players"), on: ref("players"), damage: u8 }, chat: { text: text(64) } },
  messages: { chat: v.object({ text: v.string() }), poke: v.object({ at: v.number() }) },
  requests: {
    buy: { input: v.object({ item: v.string() }), reply: v.object({ gold: v.number() }), errors: ["broke"] },
  },
});

type DuelRoom = ClientRoom<typeof duel.spec>;

/** Tables by their place on the wire. */
export const PLAYERS = 0;
export const SHOTS = 1;
export const MATCH = 2;
/** Events by their place. */
export const HIT = 0;
export const CHAT = 1;

/** The private stream of the one player that a script plays for. */
export const PRIVATE = 5;
export const ROOM = 0;
/** The tick of the welcome, which is the first to close. */
export const FIRST = 10;

/** A header of a row on the wire, for the fields in the mask. */
export const entering = (mask: number): number => mask * 2 + 1;
export const changing = (mask: number): number => mask * 2;

export const player = (id: number, name: string, x = 0, target = 0): readonly (number | string)[] => [
  id,
  entering(0b111),
  name,
  x,
  target,
];
export const shot = (id: number, x: number, by: number): readonly number[] => [id, entering(0b11), x, by];

/** The frames of a script. */
export const frames = {
  welcome: (
    change: { tick?: number; epoch?: number; clock?: string | null; row?: number; token?: string } = {},
  ) => [
    ServerFrame.welcome,
    0,
    change.tick ?? FIRST,
    change.epoch ?? 0,
    change.clock ?? null,
    7,
    change.row ?? 1,
    PRIVATE,
    "room-1",
    change.token ?? null,
  ],
  keyframe: (tick: number, stream: number, rows: readonly unknown[], ...parts: readonly unknown[]) => [
    ServerFrame.keyframe,
    tick,
    stream,
    rows,
    ...parts,
  ],
  delta: (tick: number, stream: number, ...parts: readonly unknown[]) => [
    ServerFrame.delta,
    tick,
    tick - 1,
    stream,
    ...parts,
  ],
  tickEnd: (tick: number, ...parts: readonly unknown[]) => [ServerFrame.tickEnd, tick, tick - 1, ...parts],
  reply: (tick: number, sequence: number, status: keyof typeof ReplyStatus, value?: unknown) =>
    frames.delta(tick, PRIVATE, [], [], [], [[sequence, ReplyStatus[status], value]]),
  pong: (stamp: number, now: number) => [ServerFrame.pong, stamp, now],
} as const;

/** Rows of the first tick: Ada, whose row is the player's own, and the match. */
export const firstRows = [PLAYERS, player(1, "Ada", 20), MATCH, [1, entering(0b111), 1, 3, 0]];

export interface DuelTable {
  readonly clock: ManualClock;
  readonly server: ScriptedServer;
  /** What listeners threw. */
  readonly reported: unknown[];
  readonly connect: ReturnType<typeof connectWith>["connect"];
  readonly connectGeneric: ReturnType<typeof connectWith>["connectGeneric"];
}

/** A scripted server, a clock to move by hand, and a client that will call. */
export function setTable(options: { readonly clockId?: string; readonly startMs?: number } = {}): DuelTable {
  const clock = new ManualClock({ startMs: options.startMs ?? 0 });
  const server = new ScriptedServer();
  const reported: unknown[] = [];
  const ways = connectWith({
    openSocket: server.openSocket,
    clock,
    clockId: options.clockId,
    report: (error) => reported.push(error),
  });
  return { clock, server, reported, ...ways };
}

export interface Seated extends DuelTable {
  readonly room: DuelRoom;
  /** Closes the next tick with these parts of its last frame. */
  tick(...parts: readonly unknown[]): void;
}

/** A client that joined: its first tick is closed and complete, and what was sent on the way is forgotten. */
export async function sitDown(
  options: Parameters<typeof setTable>[0] & {
    readonly welcome?: Parameters<typeof frames.welcome>[0];
    readonly rows?: readonly unknown[];
  } = {},
): Promise<Seated> {
  const table = setTable(options);
  const { clock, server } = table;
  const joining = table.connect(duel, "ws://duel.test/duel");
  server.accept();
  server.send(frames.welcome(options.welcome));
  server.send(frames.keyframe(FIRST, ROOM, options.rows ?? firstRows));
  server.send(frames.tickEnd(FIRST));
  const room = await joining;
  clock.advance(0);
  server.sent.length = 0;
  return { ...table, room, tick: (...parts) => server.send(frames.tickEnd(room.tick + 1, ...parts)) };
}
