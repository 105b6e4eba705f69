import * as v from "valibot";
import { expect } from "vitest";
import type { ClientRoom, Lost, RolledBack } from "../../client/client-room.ts";
import { defineRoom } from "../../server/room/define-room.ts";
import { defineGame, fixed, table, u32 } from "../../shared/game.ts";
import { RestartedWorld } from "./restarted.ts";

export const post = defineGame({
  name: "post",
  tickRate: 20,
  state: {
    players: table({ x: fixed(0, 1000, 1), notes: u32 }, { owner: "player" }),
    stamps: table({ n: u32 }),
  },
  events: { news: { n: u32 }, letter: { n: u32 } },
  messages: { note: v.object({ n: v.number() }) },
  requests: { double: { input: v.object({ n: v.number() }), reply: v.object({ twice: v.number() }) } },
});
export type Post = typeof post.spec;

/** What the world outside remembers: not undone by a rollback. */
interface Diary {
  readonly lines: string[];
  /** Numbers of the notes that were processed, in order. */
  readonly notes: number[];
}

export function postOffice(options: { readonly onDrain?: "suspend"; readonly gate?: Promise<void> } = {}) {
  const diary: Diary = { lines: [], notes: [] };
  const room = defineRoom(post, {
    graceMs: 10_000,
    ...(options.onDrain && { onDrain: options.onDrain }),
    data: () => ({ opened: 0 }),
    create(room) {
      room.data.opened = room.tick + 1;
      room.state.stamps.add({ n: 1 });
      diary.lines.push("create");
    },
    save: (room) => ({ opened: room.data.opened, at: room.tick }),
    restore(room, { opened, at }) {
      room.data.opened = opened;
      diary.lines.push(`restore ${opened} ${room.tick >= at}`);
    },
    join: (_room, player) => void diary.lines.push(`join ${player.id}`),
    leave: (_room, player, reason) => void diary.lines.push(`leave ${player.id} ${reason}`),
    away: (_room, player) => void diary.lines.push(`away ${player.id}`),
    back: (_room, player) => void diary.lines.push(`back ${player.id}`),
    tick(room) {
      room.broadcast("news", { n: room.tick });
      for (const player of room.players) {
        player.send("letter", { n: room.tick });
        player.row.x = room.tick % 1000;
      }
    },
    on: {
      note(_room, player, { n }) {
        player.row.notes += 1;
        diary.notes.push(n);
      },
    },
    requests: {
      async double(_room, _player, { n }) {
        if (n > 90) await options.gate;
        return { twice: 2 * n };
      },
    },
  });
  return { room, diary };
}

export function listen(room: ClientRoom<Post>) {
  const heard = {
    news: [] as number[],
    letters: [] as number[],
    lost: [] as Lost[],
    rolledBack: [] as RolledBack[],
    states: [] as string[],
  };
  room.on("news", ({ n }) => heard.news.push(n));
  room.on("letter", ({ n }) => heard.letters.push(n));
  room.onLost((lost) => heard.lost.push(lost));
  room.onRolledBack((rolledBack) => heard.rolledBack.push(rolledBack));
  room.onConnection(({ state }) => heard.states.push(state));
  return heard;
}

export async function opened(options: Parameters<typeof postOffice>[0] & { world?: RestartedWorld } = {}) {
  const world = options.world ?? new RestartedWorld();
  const office = postOffice(options);
  await world.start(office.room);
  const { room, link } = await world.connect(post, "/post");
  return { world, ...office, client: room, link, heard: listen(room) };
}

/** Handlers for rooms that are about something else. */
export const quiet = {
  on: { note: () => undefined },
  requests: { double: (_room: unknown, _player: unknown, { n }: { n: number }) => ({ twice: 2 * n }) },
};

export const isConsecutive = (numbers: readonly number[]): boolean =>
  numbers.length > 0 && numbers.every((n, index) => index === 0 || n === (numbers[index - 1] ?? 0) + 1);
export const isJoined = (room: ClientRoom<Post>) => () => room.connection.state === "joined";

/** Lets a room play until its next checkpoint is there, and then so much longer. */
export async function playPast(
  { world, client }: Awaited<ReturnType<typeof opened>>,
  ms: number,
): Promise<number> {
  const saved = () => world.told.filter(({ event }) => event === "checkpointSaved");
  const before = saved().length;
  await world.when("the room is saved", () => saved().length > before);
  const { tick } = saved().at(-1) as unknown as { tick: number };
  await world.run(ms);
  expect(client.tick).toBeGreaterThanOrEqual(tick);
  return tick;
}

export const saves = (world: RestartedWorld) => world.told.filter(({ event }) => event === "checkpointSaved");
