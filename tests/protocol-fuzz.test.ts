import { expect, test, vi } from "vitest";
import {
  type FrameType,
  frameTypes,
  HostileMessages,
  type Moment,
} from "../bench/drills/hostile/hostile-messages.ts";
import { HeapSamples } from "../bench/statistics/heap-samples.ts";
import { defineRoom } from "../server/room/define-room.ts";
import type { Session } from "../server/session/session.ts";
import type { SessionStateName } from "../server/session/session-state.ts";
import { type ParsedClientFrame, parseClientFrame } from "../shared/protocol/client-frame.ts";
import { decodeUntrusted } from "../shared/protocol/codec.ts";
import { ClientFrame, PROTOCOL_VERSION, ServerFrame } from "../shared/protocol/frames.ts";
import { seededRandom } from "../shared/random/seeded-random.ts";
import { type Hosted, host, NOTHING_LEFT } from "./server-kit/hosted.ts";
import { probe, probeGame, quietHandlers } from "./server-kit/probe-game.ts";
import { RawClient } from "./server-kit/raw-client.ts";
import { TickWitness } from "./server-kit/tick-witness.ts";

/** `FUZZ_SEED=n` plays other messages, `FUZZ_MESSAGES=n` so many: `npm run fuzz` plays a million. */
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const MESSAGES = Number(process.env.FUZZ_MESSAGES ?? 50_000);
const STATES: readonly SessionStateName[] = ["greeting", "admitting", "joining", "joined", "gone"];
/** After each round nobody is there, and memory is compared. */
const ROUNDS = Math.ceil(MESSAGES / 50_000);
const PER_STATE = Math.ceil(MESSAGES / ROUNDS / STATES.length);
/** Clients that attack at the same time. */
const BATCH = 50;
/** A player who is not thrown out goes on, up to so many messages. In other states a tick leads on to the next. */
const MESSAGES_PER_PLAYER = 12;
/** Frames of each type in each state, at least; a few mutations lose their type. */
const LEAST_PER_CELL = (0.9 * PER_STATE * ROUNDS) / 2 / frameTypes.length;
/** The horizon of 20 s for which it is remembered who left, and a little. */
const TICKS_TO_FORGET = 420;
// So much for each round, on a busy machine.
vi.setConfig({ testTimeout: ROUNDS * 60_000 });

type Column = FrameType | "unreadable" | "text";

/** What was sent, and how the server should have read it. */
interface Attack {
  readonly bytes: Uint8Array | undefined;
  readonly column: Column;
  readonly frame: ParsedClientFrame | undefined;
  readonly tooLarge: boolean;
}

interface Attacker {
  readonly client: RawClient;
  readonly session: Session;
  sequence: number;
  sent: number;
}

/**
 * `open`: still connected. `pong`, `definition`: the same, and answered at once. Everything else is a close. In the room
 * three calls that fail are one too many; that close comes with a later tick, whatever was sent since.
 */
function allowedOutcomes(state: SessionStateName, attack: Attack): readonly string[] {
  const allowed = outcomesOf(state, attack);
  return state === "joined" ? [...allowed, "too-many-errors"] : allowed;
}

function outcomesOf(state: SessionStateName, { column, frame, tooLarge }: Attack): readonly string[] {
  if (column === "text") return ["text-frame"];
  if (tooLarge) return ["too-large"];
  if (frame === undefined) return ["bad-frame"];
  if (frame.type === "ping") return ["pong"];
  if (state === "greeting" && frame.type === "hello")
    return frame.token === undefined
      ? ["protocol-version", "definition", "bad-join", "open"]
      : ["protocol-version", "definition", "bad-token", "no-such-room"];
  const plays: readonly string[] = ["ack", "input", "message", "request"];
  if (state === "joined" && plays.includes(frame.type)) return ["open", "bad-frame"];
  return [frame.type === "leave" ? "left" : "bad-frame"];
}

async function arena() {
  let letIn = (): void => {};
  let gate = new Promise<void>(() => {});
  const hosted = await host([
    defineRoom(probe, {
      graceMs: 0,
      ...quietHandlers,
      maxPlayers: 10_000,
      admit: ({ ticket }) => (ticket === "wait" ? gate.then(() => undefined) : undefined),
      join: (_room, player, { name }) => {
        player.row.name = name;
        player.row.secret = player.id % 256;
      },
      tick(room) {
        room.state.match.round = room.tick % 200;
        for (const player of room.players) {
          player.row.x = Math.abs(player.row.x + player.input.move) % 60_000;
          if (player.input.fire) player.row.shots = (player.row.shots + 1) % 256;
        }
      },
      on: {
        say: (room, player, { text }) => void room.broadcast("said", { by: player.row, text }),
        act: () => undefined,
      },
    }),
  ]);
  return {
    hosted,
    shutGate: () => {
      gate = new Promise<void>((resolve) => {
        letIn = resolve;
      });
    },
    openGate: () => letIn(),
  };
}

test(`[FUZ-1] hostile messages close with a named code or are ignored by rule, and nobody else notices (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const hostile = new HostileMessages(random, probeGame);
  const { hosted, shutGate, openGate } = await arena();
  const healthy = await hosted.join("/probe", probeGame, { name: "ada" });
  const witness = TickWitness.watch(healthy, probeGame);
  const room = hosted.room();
  const base = footprint(hosted);

  const hits = new Map<string, number>();
  const outcomes = new Map<string, number>();
  const wrong: string[] = [];
  const heap = new HeapSamples();
  let scannable = 0;

  for (let round = 0; round < ROUNDS * STATES.length; round++) {
    const state = STATES[round % STATES.length] as SessionStateName;
    let attackers: Attacker[] = [];
    for (let sent = 0; sent < PER_STATE; ) {
      if (state === "admitting") shutGate();
      attackers = attackers.filter(({ client, sent: already }) => {
        if (state === "joined" && client.ended === undefined && already < MESSAGES_PER_PLAYER) return true;
        client.socket.cut();
        return false;
      });
      attackers.push(...(await bringInto(hosted, state, BATCH - attackers.length)));
      const attacks = attackers.map((attacker) => {
        const attack = nextAttack(hostile, sent, { tick: room.tick + 1, sequence: attacker.sequence });
        sent += 1;
        if (attack.bytes !== undefined && decodeUntrusted(attack.bytes).ok) scannable += 1;
        count(hits, `${state} ${attack.column}`);
        return { attacker, attack };
      });

      if (state === "gone") {
        for (const { attacker, attack } of attacks)
          if (attack.bytes === undefined) attacker.session.text();
          else attacker.session.message(attack.bytes);
        await hosted.ticks(1);
        count(outcomes, "gone ignored", attacks.length);
        continue;
      }

      for (const { attacker, attack } of attacks) launch(attacker, attack);
      await hosted.clock.settle();
      const early = attacks.map(({ attacker }) => outcomeOf(attacker));
      openGate();
      await hosted.ticks(1);
      attacks.forEach(({ attacker, attack }, i) => {
        // A leave and a failing call end with the tick; what was open before may be closed by now.
        const outcome = early[i] === "open" ? outcomeOf(attacker) : (early[i] ?? "");
        count(outcomes, `${state} ${outcome}`);
        if (!allowedOutcomes(state, attack).includes(outcome))
          wrong.push(`${state}: ${describe(attack)} -> ${outcome}`);
      });
    }
    for (const { client } of attackers) client.socket.cut();
    await hosted.ticks(3);
    expect(footprint(hosted)).toEqual(base);
    expect(witness.hash).toBe(room.state.hash());
    healthy.forget();
    if (ROUNDS === 1 || state !== STATES.at(-1)) continue;
    await hosted.ticks(TICKS_TO_FORGET);
    healthy.forget();
    heap.take(sum(hits));
  }

  print(hits, outcomes);
  const slope = heap.slope();
  if (slope !== undefined) {
    const { bytesEach, margin } = slope;
    console.log(
      `heap: ${bytesEach.toFixed(3)} ± ${margin.toFixed(3)} bytes a message, ${heap.last} in the end`,
    );
    expect(bytesEach - margin, "bytes that a message leaves behind, at least").toBeLessThanOrEqual(0);
  }
  expect(wrong.slice(0, 20)).toEqual([]);
  expect(hosted.faults).toEqual([]);
  expect(hosted.failedHooks).toEqual([]);
  expect(witness.faults).toEqual([]);
  expect(witness.closed).toBe(room.tick);
  expect(healthy.ended).toBeUndefined();
  for (const state of STATES)
    for (const type of frameTypes)
      expect(hits.get(`${state} ${type}`) ?? 0, `${state} ${type}`).toBeGreaterThanOrEqual(LEAST_PER_CELL);
  expect(sum(hits)).toBeGreaterThanOrEqual(MESSAGES);
  expect(scannable).toBeGreaterThanOrEqual(sum(hits) / 2);
  expect(await hosted.stop()).toEqual(NOTHING_LEFT);
});

test(`[FUZ-2] players who go on misusing the protocol are closed for what they do, and for nothing else (seed ${SEED})`, async () => {
  const random = seededRandom(SEED + 1);
  const hostile = new HostileMessages(random, probeGame);
  const { hosted } = await arena();
  const healthy = await hosted.join("/probe", probeGame, { name: "ada" });
  const witness = TickWitness.watch(healthy, probeGame);
  const room = hosted.room();
  const base = footprint(hosted);
  const outcomes = new Map<string, number>();
  const playing: readonly FrameType[] = ["input", "message", "request", "ack", "ping"];

  let attackers: Attacker[] = [];
  for (let round = 0; round < 300; round++) {
    for (const { client } of attackers) if (client.ended !== undefined) count(outcomes, client.ended.name);
    attackers = attackers.filter(({ client }) => client.ended === undefined);
    attackers.push(...(await bringInto(hosted, "joined", 20 - attackers.length)));
    for (const attacker of attackers) {
      const type = playing[Math.floor(random() * playing.length)] as FrameType;
      const moment = { tick: room.tick + 1, sequence: attacker.sequence };
      const bytes = random() < 0.05 ? hostile.mutated(type, moment) : hostile.misused(type, moment);
      const decoded = decodeUntrusted(bytes);
      const frame = decoded.ok ? parseClientFrame(decoded.value) : undefined;
      launch(attacker, { bytes, frame, column: type, tooLarge: false });
    }
    await hosted.ticks(1);
  }
  for (const { client } of attackers) client.socket.cut();
  await hosted.ticks(3);

  console.log([...outcomes].map(([name, n]) => `${name} ${n}`).join(", "));
  for (const name of outcomes.keys())
    expect(["bad-frame", "left", "too-large", "too-many-errors"]).toContain(name);
  for (const name of ["bad-frame", "too-many-errors"])
    expect(outcomes.get(name) ?? 0, name).toBeGreaterThanOrEqual(10);
  expect(footprint(hosted)).toEqual(base);
  expect(witness.faults).toEqual([]);
  expect(witness.closed).toBe(room.tick);
  expect(witness.hash).toBe(room.state.hash());
  expect(hosted.faults).toEqual([]);
  expect(hosted.failedHooks).toEqual([]);
  expect(await hosted.stop()).toEqual(NOTHING_LEFT);
}, 60_000);

/** Half are mutated frames, all types in turn; the other half bytes, and now and then a text. */
function nextAttack(hostile: HostileMessages, n: number, moment: Moment): Attack {
  if (n % 64 === 63) return { bytes: undefined, column: "text", frame: undefined, tooLarge: false };
  const type = frameTypes[(n >> 1) % frameTypes.length] as FrameType;
  const bytes = n % 2 === 0 ? hostile.mutated(type, moment) : hostile.noise(moment);
  const decoded = decodeUntrusted(bytes);
  const value = decoded.ok ? decoded.value : undefined;
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return {
    bytes,
    column: frameTypes.find((name) => ClientFrame[name] === first) ?? "unreadable",
    frame: parseClientFrame(value),
    tooLarge: bytes.length > 16 * 1024,
  };
}

/** New connections, led into the state. */
async function bringInto(hosted: Hosted, state: SessionStateName, clients: number): Promise<Attacker[]> {
  const before = new Set(hosted.server.sessions);
  const opened = Array.from(
    { length: clients },
    () => new RawClient((peer) => hosted.transport.connect("/probe/r1", peer)),
  );
  await hosted.clock.settle();
  const ticket = state === "admitting" ? "wait" : null;
  if (state !== "greeting")
    for (const client of opened)
      client.send([ClientFrame.hello, PROTOCOL_VERSION, probe.hash, { name: "mallory" }, ticket]);
  await hosted.clock.settle();
  if (state === "joined" || state === "gone") await hosted.ticks(1);
  const sessions = [...hosted.server.sessions].filter((session) => !before.has(session));
  expect(sessions).toHaveLength(clients);
  if (state === "gone") for (const session of sessions) session.end("kicked");
  await hosted.clock.settle();
  return opened.map((client, i) => ({ client, session: sessions[i] as Session, sequence: 1, sent: 0 }));
}

function launch(attacker: Attacker, { bytes, frame }: Attack): void {
  attacker.sent += 1;
  attacker.client.frames.length = 0;
  if (bytes === undefined) attacker.client.socket.sendText("{}");
  else attacker.client.sendBytes(bytes);
  if (frame?.type === "message" || frame?.type === "request") attacker.sequence += 1;
}

function outcomeOf({ client }: Attacker): string {
  if (client.ended !== undefined) return client.ended.name;
  const answers = client.frames.map(([type]) => type);
  if (answers.includes(ServerFrame.pong)) return "pong";
  return answers.includes(ServerFrame.definition) ? "definition" : "open";
}

/** What a client that has gone must not leave behind. */
function footprint({ server, clock, room }: Hosted) {
  const { sessions, matchmaker } = server;
  const only = [...matchmaker.rooms.values()][0] ?? room();
  return {
    sessions: sessions.size,
    rooms: matchmaker.rooms.size,
    seats: only.seats.taken,
    players: only.facade.players.size,
    roomTimers: only.timers.size,
    timers: clock.pending,
  };
}

function describe({ frame, bytes }: Attack): string {
  return JSON.stringify(frame ?? [...(bytes ?? [])]).slice(0, 200);
}

function count(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, n) => total + n, 0);
}

function print(hits: ReadonlyMap<string, number>, outcomes: ReadonlyMap<string, number>): void {
  const columns: readonly Column[] = [...frameTypes, "unreadable", "text"];
  const row = (name: string, cells: readonly (string | number)[]) =>
    `${name.padEnd(10)}${cells.map((cell) => String(cell).padStart(11)).join("")}`;
  const lines = [
    `${sum(hits)} hostile messages, seed ${SEED}`,
    row("", columns),
    ...STATES.map((state) =>
      row(
        state,
        columns.map((column) => hits.get(`${state} ${column}`) ?? 0),
      ),
    ),
    ...STATES.map((state) => {
      const of = [...outcomes].filter(([key]) => key.startsWith(`${state} `));
      return `${state.padEnd(10)} ${of.map(([key, n]) => `${key.slice(state.length + 1)} ${n}`).join(", ")}`;
    }),
  ];
  console.log(lines.join("\n"));
}
