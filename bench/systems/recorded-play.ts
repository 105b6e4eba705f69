import { Bus } from "../../server/bus.ts";
import { defaultLimits, type ServerLimits } from "../../server/limits.ts";
import type { Membership } from "../../server/room/arrivals.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import { RoomCore } from "../../server/room/room-core.ts";
import { TickScheduler } from "../../server/tick/tick-scheduler.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { gameLayout } from "../../shared/state/game-layout.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import { type Tick, tick as toTick } from "../../shared/tick/tick.ts";
import type { SteeringScript } from "../scenarios/steering-script.ts";
import { type RecordedFrame, recordedFrame } from "./recorded-frame.ts";

/** One call that a room made of its transport. Clients are named by their number. */
export type RecordedCall =
  | { readonly kind: "publish"; readonly topic: string; readonly frame: RecordedFrame }
  | { readonly kind: "send"; readonly client: number; readonly frame: RecordedFrame }
  | { readonly kind: "subscribe"; readonly client: number; readonly topic: string }
  | { readonly kind: "unsubscribe"; readonly client: number; readonly topic: string };

/** What a steered room asks of its transport. */
export interface RecordedPlay {
  /** By client: its topics while everyone stands still, before the first steered tick. */
  readonly subscriptions: readonly (readonly string[])[];
  /** The topic of the room's own stream, whose frame closes each tick. */
  readonly roomTopic: string;
  /** By tick, from the first steered one on: every call, in order. */
  readonly ticks: readonly (readonly RecordedCall[])[];
}

export interface RecordedPlayOptions {
  readonly definition: RoomDefinition;
  readonly seed: number;
  readonly script: SteeringScript;
  readonly joinOf: (client: number) => unknown;
  /** How many ticks are recorded. */
  readonly ticks: number;
}

/** Nothing happens on it by itself: the recorder steps the room. */
const stillClock: Clock = { now: () => 0, after: () => () => {}, soon: () => () => {} };

/** Nobody acknowledges here, nor waits for a later tick to join in. */
const patient: ServerLimits = {
  ...defaultLimits,
  stallAfterMs: 1e9,
  stallAtMostMs: 1e9,
  joinsPerSecond: 1e9,
};

/** Players who join in a tick, in the order of their numbers: about as many as of a real load. */
const JOINING_PER_TICK = 50;

/**
 * Plays a steered scenario in memory, and notes what the room asks of its transport. A server that runs the same
 * room with the same script does the same in each tick after its first steered one; only ids may be longer or
 * shorter there by a byte, as they follow the order in which clients came.
 */
export function recordPlay({ definition, seed, script, joinOf, ticks }: RecordedPlayOptions): RecordedPlay {
  const played: RecordedCall[][] = [];
  let now = toTick(0);
  let calls: RecordedCall[] = [];
  let roomTopic = "";
  let failure: unknown;
  const bus = new Bus();
  bus.on("hookFailed", ({ error }) => {
    failure ??= error;
  });
  const { game, config } = definition;
  const room = new RoomCore({
    game,
    layout: gameLayout(game.description, config.interest === undefined ? "room" : "cells"),
    config,
    id: "recorded",
    topicPrefix: "0",
    options: undefined,
    loaded: undefined,
    random: seededRandom(seed),
    clock: stillClock,
    clockId: undefined,
    transport: {
      publish: (topic, bytes) => {
        calls.push({ kind: "publish", topic, frame: recordedFrame(bytes, now) });
        roomTopic = topic;
      },
      afterFlush: () => () => {},
    },
    bus,
    limits: patient,
    secret: () => "recorded",
    onClosed: () => {},
  });
  const step = (n: number): void => {
    now = toTick(n);
    calls = [];
    room.step(now as Tick, { dueAt: 0, latenessMs: 0, publish: true });
    if (failure !== undefined || room.closedBy !== undefined)
      throw new Error(`tick ${n} could not be recorded`, { cause: failure });
  };

  const join = (client: number): Membership => {
    // One keyframe goes to many: its bytes are taken once.
    const frames = new WeakMap<Uint8Array, RecordedFrame>();
    const link = {
      open: true,
      send: (bytes: Uint8Array) => {
        const frame = frames.get(bytes) ?? recordedFrame(bytes, now);
        frames.set(bytes, frame);
        calls.push({ kind: "send", client, frame });
      },
      subscribe: (topic: string) => void calls.push({ kind: "subscribe", client, topic }),
      unsubscribe: (topic: string) => void calls.push({ kind: "unsubscribe", client, topic }),
      bufferedBytes: () => 0,
      joined: () => {},
      end: () => {},
    };
    return room.attendance.enter(link, joinOf(client), undefined);
  };

  room.open(new TickScheduler(stillClock));
  const members: Membership[] = [];
  const subscriptions: string[][] = [];
  while (members.length < script.clients) {
    const joining = Math.min(JOINING_PER_TICK, script.clients - members.length);
    for (let i = 0; i < joining; i++) {
      subscriptions.push([]);
      members.push(join(members.length));
    }
    step(now + 1);
    for (const call of calls) if (call.kind === "subscribe") subscriptions[call.client]?.push(call.topic);
  }
  const firstSteered = now + 1;

  for (let n = 0; n < ticks; n++) {
    const [from, to] = script.changersAt(n);
    for (let client = from; client < to; client++) {
      const change = script.changeAt(client, n);
      const seat = members[client]?.seat;
      if (change === undefined || seat === undefined) continue;
      room.receiveInput(seat, firstSteered + n, firstSteered + n - 1, [script.headingOf(client, change)]);
    }
    step(firstSteered + n);
    played.push(calls);
  }
  return { subscriptions, roomTopic, ticks: played };
}
