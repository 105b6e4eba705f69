import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ClientRoom, Lost, RolledBack } from "../../client/client-room.ts";
import { connect } from "../../client/node.ts";
import { defineGame, table, u32 } from "../../shared/game.ts";
import { freePort } from "../kit/free-port.ts";
import { type Started, serverFolder, startServer } from "./started.ts";

const BOTS = 200;
const TICK_RATE = 10;

const dist = (path: string): string =>
  pathToFileURL(fileURLToPath(new URL(`../../dist/${path}`, import.meta.url))).href;
const valibot = pathToFileURL(
  fileURLToPath(new URL("../../node_modules/valibot/dist/index.mjs", import.meta.url)),
).href;

/** Counts what each of its players says: a message that is lost, or heard twice, shows in their row. */
const tally = defineGame({
  name: "tally",
  tickRate: TICK_RATE,
  state: { players: table({ said: u32, last: u32, gaps: u32 }, { owner: "player" }) },
  messages: { say: v.object({ n: v.number() }) },
});

/** One who talks, and what they were told. */
interface Talker {
  readonly room: ClientRoom<typeof tally.spec>;
  sent: number;
  readonly rolledBack: RolledBack[];
  readonly lost: Lost[];
}

const APP = `import * as v from ${JSON.stringify(valibot)};
import { defineRoom } from ${JSON.stringify(dist("server/index.js"))};
import { defineGame, table, u32 } from ${JSON.stringify(dist("shared/game.js"))};
const tally = defineGame({
  name: "tally",
  tickRate: ${TICK_RATE},
  state: { players: table({ said: u32, last: u32, gaps: u32 }, { owner: "player" }) },
  messages: { say: v.object({ n: v.number() }) },
});
export const app = {
  rooms: [
    defineRoom(tally, {
      maxPlayers: ${BOTS},
      graceMs: 60_000,
      on: {
        say(_room, { row }, { n }) {
          row.said += 1;
          if (n !== row.last + 1) row.gaps += 1;
          row.last = n;
        },
      },
    }),
  ],
};
`;

let place: ReturnType<typeof serverFolder>;
const started: Started[] = [];
const clients: Talker[] = [];

beforeEach(() => {
  place = serverFolder();
  writeFileSync(join(place.folder, "app.mjs"), APP);
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map(({ room }) => room.leave()));
  for (const { child } of started.splice(0)) child.kill("SIGKILL");
  place.remove();
});

async function start(port: number): Promise<Started> {
  const args = ["--port", String(port), "--checkpoints", "checkpoints", "--checkpoint-ms", "1000"];
  const server = await startServer(place.folder, [...args, "--log-format", "json"]);
  started.push(server);
  return server;
}

/** Joins players who each say the next number a few times a second. */
async function join200({ url }: Pick<Started, "url">, perSecond: number) {
  const joined: Talker[] = [];
  for (let n = 0; n < BOTS; n += 20)
    joined.push(
      ...(await Promise.all(
        Array.from({ length: 20 }, async () => {
          const room = await connect(tally, `ws://${url.host}/tally`, undefined, {
            reconnectWithinMs: 90_000,
          });
          const bot: Talker = { room, sent: 0, rolledBack: [], lost: [] };
          room.onRolledBack((event) => bot.rolledBack.push(event));
          room.onLost((event) => bot.lost.push(event));
          return bot;
        }),
      )),
    );
  const timer = setInterval(() => {
    for (const bot of joined) bot.room.send("say", { n: ++bot.sent });
  }, 1000 / perSecond);
  clients.push(...joined);
  return Object.assign(joined, { stopTalking: () => clearInterval(timer) });
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (isSo()) return;
    await wait(100);
  }
  throw new Error(`for a minute it was not so that ${what}`);
}

const seatOf = ({ room }: Talker) => `${room.id} ${room.playerId} ${room.me?.id}`;
const areBack = (bots: readonly Talker[]) => () =>
  bots.every(({ room }) => room.connection.state === "joined");

describe(`[CKP-40] a real server with ${BOTS} players is started again on the same port and folder`, () => {
  test("behind SIGTERM all have their seats, every message counts once, nobody is set back, exit 0", {
    timeout: 150_000,
  }, async () => {
    const port = await freePort();
    const first = await start(port);
    const bots = await join200(first, 3);
    await wait(3_000);
    const seats = bots.map(seatOf);
    first.child.kill("SIGTERM");
    expect(await first.exited).toBe(0);
    const second = await start(port);
    expect(second.url.port).toBe(String(port));
    await until("all are back", areBack(bots));
    await wait(1_500);
    bots.stopTalking();
    await until("everything that was sent is counted", () =>
      bots.every(({ room, sent }) => room.me?.said === sent),
    );
    expect(bots.map(seatOf)).toEqual(seats);
    expect(new Set(seats).size).toBe(BOTS);
    expect(bots.filter(({ room, sent }) => room.me?.gaps !== 0 || room.me.last !== sent)).toEqual([]);
    expect(Math.min(...bots.map(({ sent }) => sent))).toBeGreaterThan(10);
    expect(bots.flatMap(({ rolledBack, lost }) => [...rolledBack, ...lost])).toEqual([]);
    expect(second.output()).toMatch(/"kind":"exact","players":200,.*"msg":"room restored"/);
  });

  test("behind SIGKILL the state is at most one checkpoint old, and everybody is told", {
    timeout: 150_000,
  }, async () => {
    const port = await freePort();
    const first = await start(port);
    const bots = await join200(first, 3);
    await wait(4_000);
    const seats = bots.map(seatOf);
    const before = bots.map(({ room }) => ({ tick: room.tick, said: room.me?.said ?? 0 }));
    first.child.kill("SIGKILL");
    await first.exited;
    await start(port);
    await until("all are back", areBack(bots));
    await wait(1_500);
    bots.stopTalking();
    await wait(1_500);
    expect(bots.map(seatOf)).toEqual(seats);
    bots.forEach(({ rolledBack, room }, n) => {
      const [told, ...more] = rolledBack;
      const { tick = 0, said = 0 } = before[n] ?? {};
      expect(more).toEqual([]);
      // From the last tick that closed before the end, back by an interval and what a noisy machine takes to write.
      expect(told?.from).toBeGreaterThanOrEqual(tick);
      expect((told?.from ?? 0) - (told?.to ?? 0)).toBeLessThanOrEqual(3 * TICK_RATE);
      expect(room.tick).toBeGreaterThan(told?.from ?? 0);
      expect(room.me?.said).toBeGreaterThanOrEqual(said - 3 * 3);
    });
    // What was undone and is not sent again is told, to the message.
    for (const { room, sent, lost } of bots) {
      const undone = lost.reduce((sum, each) => sum + (each.what === "calls" ? each.count : 0), 0);
      expect((room.me?.said ?? 0) + undone).toBe(sent);
      expect(room.me?.gaps).toBe(undone === 0 ? 0 : 1);
    }
  });
});
