import { connectWith } from "../../client/connect.ts";
import { angle, defineGame, fixed, interpolated, oneOf, table, text, u8 } from "../../shared/game.ts";
import { ServerFrame } from "../../shared/protocol/frames.ts";
import { ScriptedServer } from "../client-kit/scripted-server.ts";
import { ManualClock } from "../kit/manual-clock.ts";

const PLAYERS = 200;
const PERIOD_MS = 50;
const FRAME_MS = 1000 / 60;
/** Frames are timed in batches: a page's clock is too coarse for one. */
const BATCH = 60;
const BATCHES = 60;

const place = interpolated(fixed(0, 4000, 0.1), { teleport: 100 });
const crowd = defineGame({
  name: "crowd",
  tickRate: 1000 / PERIOD_MS,
  state: {
    players: table(
      {
        name: text(16),
        x: place,
        y: place,
        aim: interpolated(angle()),
        life: interpolated(oneOf("alive", "dead")),
        hp: interpolated(u8),
      },
      { owner: "player" },
    ),
  },
});

export interface ViewCost {
  /** The median of batches, in milliseconds a frame: the view alone, and with every row read as drawing does. */
  readonly viewMs: number;
  readonly viewAndReadMs: number;
  readonly rows: number;
  /** So that nothing of it is left out. */
  readonly sum: number;
}

const on = (player: number, tick: number): readonly number[] => {
  const turn = (player + tick) / 20;
  return [
    20_000 + Math.round(Math.cos(turn) * 3_000),
    20_000 + Math.round(Math.sin(turn) * 3_000),
    tick % 256,
  ];
};

/** What the SDK's view costs a frame where {@link PLAYERS} players are seen and all of them move. */
export async function measureViewCost(): Promise<ViewCost> {
  const clock = new ManualClock();
  const server = new ScriptedServer();
  const joining = connectWith({ openSocket: server.openSocket, clock }).connect(
    crowd,
    "ws://crowd.test/crowd",
  );
  server.accept();
  server.send([ServerFrame.welcome, 0, 1, 0, null, 1, 1, 9, "r", null]);
  const first = Array.from({ length: PLAYERS }, (_, at) => [
    at + 1,
    127,
    `p${at}`,
    ...on(at, 1),
    0,
    100,
  ]).flat();
  server.send([ServerFrame.keyframe, 1, 0, [0, first]]);
  server.send([ServerFrame.tickEnd, 1, 0]);
  const room = await joining;
  clock.advance(0);

  const views: number[] = [];
  const reads: number[] = [];
  let tick = 1;
  let sum = 0;
  let rows = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    let viewMs = 0;
    const startedAt = performance.now();
    let ticksMs = 0;
    for (let frame = 0; frame < BATCH; frame++) {
      clock.advance(FRAME_MS);
      while (clock.now() >= (tick + 1) * PERIOD_MS) {
        const before = performance.now();
        tick += 1;
        const changes = Array.from({ length: PLAYERS }, (_, at) => [
          at + 1,
          0b1110 * 2,
          ...on(at, tick),
        ]).flat();
        server.send([ServerFrame.tickEnd, tick, tick - 1, [0, changes]]);
        ticksMs += performance.now() - before;
      }
      const before = performance.now();
      const { state } = room.view();
      viewMs += performance.now() - before;
      rows = 0;
      for (const { x, y, aim, life, hp, name } of state.players) {
        sum += x + y + aim + hp + life.length + name.length;
        rows += 1;
      }
    }
    views.push(viewMs / BATCH);
    reads.push((performance.now() - startedAt - ticksMs) / BATCH);
  }
  return { viewMs: median(views), viewAndReadMs: median(reads), rows, sum };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
