/** A process of the benchmark: all bots of somebody's own game, on the real SDK, and what they measure. */
import { loadRecordedPlayers } from "../../bots/load-recording.ts";
import { recordedBot } from "../../bots/recorded-bot.ts";
import { Swarm } from "../../bots/swarm.ts";
import type { ClientRoom } from "../../client/client-room.ts";
import { connectWith } from "../../client/connect.ts";
import { openNodeSocket } from "../../client/node-socket.ts";
import { clockId, NodeClock } from "../../shared/platform/node-clock.ts";
import { periodMs } from "../../shared/tick/tick.ts";
import { readUse, useBetween } from "../load/load-use.ts";
import { serveParent, tell } from "../run/child-side.ts";
import { readAround } from "../run/cpu-window.ts";
import type { LoadFigures, MeasuredWindow } from "../run/messages.ts";
import { type GameRunSpec, gameSpec } from "./game-spec.ts";
import { loadGame } from "./load-game.ts";
import { RoomsRecorder } from "./rooms-recorder.ts";

/** Bots that join in a second: no storm, which is another measurement. */
const JOINS_A_SECOND = 200;
/** How long after the last tick's time its frames may still arrive. */
const ARRIVE_WITHIN_MS = 2_000;

const clock = new NodeClock();
const rooms: ClientRoom[] = [];
const lost: string[] = [];
let recorder: RoomsRecorder | undefined;
let swarm: Swarm | undefined;
let told: GameRunSpec | undefined;

serveParent({
  async start(spec, port) {
    told = gameSpec(spec);
    swarm = await join(told, port);
    const { refused, failed } = swarm.outcomes;
    const [reason] = Object.values(refused);
    if (reason !== undefined) throw new Error(`${reason.count} bots could not join: ${reason.example}`);
    if (failed > 0) throw new Error(lost[0] ?? "a bot failed");
    const [first] = rooms;
    const due = first?.intendedTimeOf(first.tick);
    if (first === undefined || due === undefined) throw new Error("no bot knows when its ticks are due");
    const epoch = due.at - first.tick * periodMs(spec.hz);
    tell({ type: "ready", epoch, tick: first.tick, sameClock: due.clock === "shared" });
  },
  async measure(window) {
    if (swarm === undefined || told === undefined) throw new Error("there are no bots to measure with");
    const figures = await measure(told, window);
    const { disconnects } = swarm.outcomes;
    const away = Object.values(disconnects).map(({ example }) => example);
    tell({ type: "measured", figures: { ...figures, lost: [...lost, ...away] } });
  },
});

/** Everyone joins and plays. Settles when all have, or never will. */
async function join(spec: GameRunSpec, port: number): Promise<Swarm> {
  const { room, bot } = await loadGame({ room: new URL(spec.modules.room), bot: new URL(spec.modules.bot) });
  const { game } = bot;
  const definition =
    spec.recording === undefined ? bot : recordedBot(game, await loadRecordedPlayers(spec.recording, game));
  const surroundings = { openSocket: openNodeSocket, clock, clockId: clockId() };
  const plan = Array.from({ length: spec.clients }, (_, index) => ({
    index,
    startMs: (index * 1000) / JOINS_A_SECOND,
  }));
  return new Promise((resolve) => {
    const joining = new Swarm(
      plan,
      {
        definition,
        url: `ws://127.0.0.1:${port}/${room.game.spec.name}`,
        seed: spec.seed,
        clock,
        async connect(game, url, joinWith, report) {
          const connection = connectWith({ ...surroundings, report, reconnectWithinMs: 0, predict: false });
          const joined = await connection.connect(game, url, joinWith);
          // Before the bot's own listener, so that its thinking delays nothing that is timed.
          observe(joined);
          tell({ type: "joining", joined: rooms.push(joined) });
          return joined;
        },
      },
      {
        settled: () => resolve(joining),
        failed: (index, error) => lost.push(`bot ${index} failed: ${described(error)}`),
      },
    );
    joining.start();
  });
}

function observe(room: ClientRoom): void {
  let previous = room.tick;
  let bytesBefore = room.statistics.bytesReceived;
  room.onTick((tick) => {
    const receivedAt = clock.now();
    const { bytesReceived } = room.statistics;
    const due = recorder === undefined ? undefined : room.intendedTimeOf(tick);
    if (recorder !== undefined && due !== undefined)
      recorder.received(room.id, {
        tick,
        previous,
        dueAt: due.at,
        receivedAt,
        bytes: bytesReceived - bytesBefore,
      });
    previous = tick;
    bytesBefore = bytesReceived;
  });
}

async function measure(spec: GameRunSpec, window: MeasuredWindow): Promise<LoadFigures> {
  const into = new RoomsRecorder(window);
  recorder = into;
  const sum = (of: (room: ClientRoom) => number): number =>
    rooms.reduce((total, room) => total + of(room), 0);
  const { before, after, wallMs } = await readAround(window, clock, () => ({
    use: readUse(spec.cores),
    bytes: sum(({ statistics }) => statistics.bytesReceived),
    frames: sum(({ statistics }) => statistics.framesReceived),
    sent: sum(({ statistics }) => statistics.messagesSent),
  }));
  const expected = spec.clients * (window.toTick - window.fromTick);
  const deadline = clock.now() + ARRIVE_WITHIN_MS;
  while (into.delivered < expected && clock.now() < deadline)
    await new Promise<void>((resolve) => clock.after(10, resolve));
  return {
    delivered: into.delivered,
    gaps: into.gaps,
    latencyMs: into.latencies(),
    curves: into.curves(),
    byTick: into.byTick(),
    leanBytes: after.bytes - before.bytes,
    leanFrames: after.frames - before.frames,
    leanSent: after.sent - before.sent,
    leanClients: rooms.length,
    ...useBetween(before.use, after.use, wallMs),
    lost: [],
    digests: [],
    mirrors: { hashes: [], differences: [] },
  };
}

const described = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
