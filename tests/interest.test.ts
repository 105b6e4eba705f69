import { describe, expect, test } from "vitest";
import { defineRoom, type Focus } from "../server/index.ts";
import type { Game } from "../shared/definition/game.ts";
import { type Cell, positionOf } from "../shared/state/sight-grid.ts";
import { host } from "./server-kit/hosted.ts";
import { MEADOW_CELL, meadow, meadowRoom } from "./server-kit/meadow.ts";
import { MeadowPlay, playerOf, type Watcher } from "./server-kit/meadow-play.ts";

const NOWHERE: Focus = [];

describe("[INT-22] how far a player sees", () => {
  test("everything within 0.8 cells of their row in each direction, and nothing beyond 2.2", async () => {
    const play = await MeadowPlay.begin(meadowRoom);
    const [watcher] = play.watchers as [Watcher];
    play.do((room) => {
      for (let x = -100; x <= 100; x += 8)
        for (let y = -100; y <= 100; y += 8) room.state.seeds.add({ x, y });
    });
    const [sure, never] = [0.8 * MEADOW_CELL, 2.2 * MEADOW_CELL];
    let seen = 0;
    for (let turn = 0; turn < 120; turn++) {
      play.do((room) => {
        // Rows and the player walk against each other, so that both stand over borders.
        for (const seed of room.state.seeds) seed.x += turn % 40 < 20 ? 1 : -1;
        const hare = playerOf(room, watcher)?.row;
        if (hare !== undefined)
          Object.assign(hare, { x: 60 * Math.sin(turn / 9), y: 60 * Math.cos(turn / 5) });
      });
      await play.tick();
      const { me } = watcher.room;
      for (const seed of play.core.state.rows(play.core.state.layout.tables[1] as never)) {
        const { x, y } = positionOf(seed);
        const far = Math.max(Math.abs(x - (me?.x ?? 0)), Math.abs(y - (me?.y ?? 0)));
        const sees = watcher.room.state.seeds.get(seed.id) !== undefined;
        if (sees) seen += 1;
        if (far <= sure) expect(sees).toBe(true);
        if (far > never) expect(sees).toBe(false);
      }
    }
    expect(seen).toBeGreaterThan(1_000);
    expect(play.wrong).toEqual([]);
  });

  test("whoever walks 5 % to and fro over a border, or beside one who does, is told of no row coming or going", async () => {
    const play = await MeadowPlay.begin(meadowRoom);
    const [watcher] = play.watchers as [Watcher];
    const told: string[] = [];
    play.do((room) => {
      for (let x = -95; x <= 100; x += 10) room.state.seeds.add({ x, y: 0 });
      Object.assign(playerOf(room, watcher)?.row ?? {}, { x: 19, y: 19 });
    });
    await play.tick();
    watcher.room.state.seeds.onAdd(({ id }) => told.push(`+${id}`));
    told.length = 0;
    watcher.room.state.seeds.onLeaveSight(({ id }) => told.push(`-${id}`));
    const cells = [...watcher.witness.held];
    for (let turn = 0; turn < 20; turn++) {
      play.do((room) => {
        const by = turn % 2 === 0 ? 2 : -2;
        const hare = playerOf(room, watcher)?.row;
        if (hare !== undefined) Object.assign(hare, { x: hare.x + by, y: hare.y + by });
        for (const seed of room.state.seeds) seed.y = -by / 2;
      });
      await play.tick();
    }
    expect(told).toEqual([]);
    expect(watcher.witness.held).toEqual(cells);
    expect(play.wrong).toEqual([]);
  });
});

describe("[INT-23] an event near a point", () => {
  async function three(): Promise<{ play: MeadowPlay; near: Watcher; far: Watcher; all: Watcher }> {
    const play = await MeadowPlay.begin(meadowRoom);
    const [near] = play.watchers as [Watcher];
    const far = await play.join();
    const all = await play.join();
    play.look(near, { x: 10, y: 10 });
    play.look(far, { x: 90, y: 90 });
    play.look(all, "everything");
    await play.tick();
    return { play, near, far, all };
  }

  test("is heard once by those in whose sight it is, whatever level they follow, and by nobody else", async () => {
    const { play, near, far, all } = await three();
    play.tell({ x: 15, y: 15 });
    await play.tick();
    expect([near.heard, far.heard, all.heard]).toEqual([[1], [], [1]]);
    play.tell({ x: -95, y: 95 });
    await play.tick();
    expect([near.heard, far.heard, all.heard]).toEqual([[], [], [2]]);
    expect(play.wrong).toEqual([]);
  });

  test("stands in order among the tick's others", async () => {
    const { play, near, all } = await three();
    play.tell("all");
    play.tell({ x: 15, y: 15 });
    play.tell({ player: near.room.playerId });
    play.tell({ x: -5, y: -5 });
    play.tell("all");
    await play.tick();
    expect([near.heard, all.heard]).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2, 4, 5],
    ]);
  });

  test("is heard by who enters or leaves its cell in that very tick, once, also by one who changes level", async () => {
    const { play, near, far, all } = await three();
    play.look(near, { x: 90, y: 90 });
    play.look(far, { x: 10, y: 10 });
    play.tell({ x: 15, y: 15 });
    play.look(all, { x: 15, y: 15 });
    await play.tick();
    expect([near.heard, far.heard, all.heard]).toEqual([[1], [1], [1]]);
    play.tell({ x: 15, y: 15 });
    await play.tick();
    expect([near.heard, far.heard, all.heard]).toEqual([[], [2], [2]]);
    expect(play.wrong).toEqual([]);
  });

  test("where nobody looked before is heard by who begins to look there in that tick", async () => {
    const { play, near } = await three();
    play.tell({ x: -90, y: -90 });
    play.look(near, { x: -90, y: -90 });
    await play.tick();
    expect(near.heard).toEqual([1]);
  });

  test("is in the first frames of one who joins there", async () => {
    const room = defineRoom(meadow, {
      interest: { cellSize: MEADOW_CELL },
      join(joined) {
        joined.near(0, 0).broadcast("rustle", { n: 5, from: undefined });
        joined.near(90, 0).broadcast("rustle", { n: 6, from: undefined });
      },
    });
    const hosted = await host([room]);
    const first = await hosted.join("/meadow", meadow as unknown as Game);
    const second = await hosted.join("/meadow", meadow as unknown as Game);
    for (const client of [first, second])
      expect(client.privateEvents[0]).toMatchObject({ tick: client.welcome.tick, values: [5, 0] });
    expect(first.privateEvents.map(({ values }) => values[0])).toEqual([5, 5]);
  });

  test("in a tick that a late room does not publish is heard with the next that it does", async () => {
    const { play, near, far, all } = await three();
    const heard: [string, number][] = [];
    for (const [name, { room }] of Object.entries({ near, far, all }))
      room.on("rustle", ({ n }) => heard.push([name, n]));
    const published: number[] = [];
    play.server.bus.on("tickDone", ({ tick }) => published.push(tick));
    const late: number[] = [];
    play.dawdle(125);
    // What is asked for in one tick is done in the next.
    play.do(() =>
      play.do((room) => {
        late.push(room.tick);
        room.near(15, 15).broadcast("rustle", { n: 7, from: undefined });
        playerOf(room, far)?.lookAt({ x: 10, y: 10 });
      }),
    );
    await play.tick(5);
    expect(late).toHaveLength(1);
    expect(published).not.toContain(late[0]);
    expect(heard.toSorted()).toEqual([
      ["all", 7],
      ["far", 7],
      ["near", 7],
    ]);
  });

  test("may name a row of its cell, also for one who enters", async () => {
    const { play, far } = await three();
    const named: (number | undefined)[] = [];
    far.room.on("rustle", ({ from }) => named.push(from?.n));
    play.do((room) => {
      const from = room.state.seeds.add({ x: 15, y: 15, n: 77 });
      room.near(15, 15).broadcast("rustle", { n: 0, from });
    });
    play.look(far, { x: 10, y: 10 });
    await play.tick();
    expect(named).toEqual([77]);
  });
});

describe("[INT-24] rows that come and go", () => {
  test("a row that left sight may still exist: onLeaveSight; one that is no more: onRemove; never both", async () => {
    const play = await MeadowPlay.begin(meadowRoom);
    const [watcher] = play.watchers as [Watcher];
    const told: string[] = [];
    const { seeds } = watcher.room.state;
    seeds.onLeaveSight((row) => told.push(`sight ${row.n} ${row.x}`));
    seeds.onRemove((row) => told.push(`gone ${row.n} ${row.x}`));
    play.do(({ state }) => [1, 2, 3].map((n) => state.seeds.add({ n, x: 5, y: 5 })));
    await play.tick();
    const [first] = seeds;
    // One walks to a cell that is followed, too, one out of sight, one goes for good.
    play.do(({ state }) => {
      const [one, two, three] = [...state.seeds];
      Object.assign(one ?? {}, { x: 25 });
      Object.assign(two ?? {}, { x: 95 });
      if (three !== undefined) state.seeds.remove(three);
    });
    await play.tick();
    expect(told.sort()).toEqual(["gone 3 5", "sight 2 5"]);
    expect([...seeds]).toEqual([first]);
    expect([...seeds][0]).toBe(first);
    expect(play.wrong).toEqual([]);
  });

  test("what the room sees of a row stays when it leaves sight; what those in sight see reads undefined then", async () => {
    const play = await MeadowPlay.begin(meadowRoom);
    const [watcher] = play.watchers as [Watcher];
    const other = await play.join();
    play.do((room) =>
      Object.assign(playerOf(room, other)?.row ?? {}, { name: "Bob", x: 10, y: 10, fear: 3 }),
    );
    await play.tick();
    const row = [...watcher.room.state.hares].find(({ name }) => name === "Bob");
    const told: unknown[] = [];
    watcher.room.state.hares.onLeaveSight((left) => told.push(left === row, { ...left }));
    watcher.room.state.hares.onRemove(() => told.push("removed"));
    play.do((room) => Object.assign(playerOf(room, other)?.row ?? {}, { x: 90 }));
    await play.tick();
    expect(told).toEqual([true, { id: row?.id, name: "Bob", x: 10, y: 10, fear: 3, den: undefined }]);
    expect({ ...row }).toEqual({
      id: row?.id,
      name: "Bob",
      x: undefined,
      y: undefined,
      fear: undefined,
      den: undefined,
    });
    expect(watcher.room.state.hares.get(row?.id ?? 0)).toBe(row);
    play.do((room) => Object.assign(playerOf(room, other)?.row ?? {}, { x: 10 }));
    await play.tick();
    expect({ ...row }).toMatchObject({ name: "Bob", x: 10, y: 10, fear: 3 });
    expect(play.wrong).toEqual([]);
  });

  test("a row that comes into a cell in the tick that lets it go was never in sight", async () => {
    const play = await MeadowPlay.begin(meadowRoom);
    const [watcher] = play.watchers as [Watcher];
    const other = await play.join();
    const told: string[] = [];
    watcher.room.state.seeds.onAdd(({ n }) => told.push(`+${n}`));
    watcher.room.state.seeds.onLeaveSight(({ n }) => told.push(`-${n}`));
    play.do(({ state }) => void state.seeds.add({ n: 4, x: 5, y: 5 }));
    play.look(watcher, { x: 90, y: 90 });
    await play.tick();
    expect(told).toEqual([]);
    expect([...other.room.state.seeds].map(({ n }) => n)).toEqual([4]);
    expect(play.wrong).toEqual([]);
  });

  test("whoever looks away and back within a tick is sent nothing of it", async () => {
    const play = await MeadowPlay.begin(meadowRoom);
    const [watcher] = play.watchers as [Watcher];
    play.do(({ state }) => void state.seeds.add({ n: 4, x: 5, y: 5 }));
    await play.tick();
    const frames: number[] = [];
    play.server.bus.on("tickDone", (done) => frames.push(done.frames));
    play.look(watcher, "everything");
    play.look(watcher, { x: 90, y: 90 });
    play.look(watcher, "own-row");
    await play.tick();
    expect(frames).toEqual([1]);
    expect(play.wrong).toEqual([]);
  });
});

describe("[INT-25] in one tick", () => {
  test("a hundred who enter the same cells cost one keyframe of each, as one does", async () => {
    const costs: { frames: number; bytes: number; keyframes: number }[] = [];
    for (const count of [1, 100]) {
      const play = await MeadowPlay.begin(meadowRoom);
      while (play.watchers.length < 100) await play.join();
      for (const watcher of play.watchers) play.look(watcher, NOWHERE);
      play.do(({ state }) => {
        for (let x = -50; x <= 50; x += 10) for (let y = -50; y <= 50; y += 10) state.seeds.add({ x, y });
      });
      await play.tick(2);
      const release = play.server.bus.on("tickDone", ({ frames, bytes, keyframes }) =>
        costs.push({ frames, bytes, keyframes }),
      );
      for (const watcher of play.watchers.slice(0, count)) play.look(watcher, { x: 10, y: 10 });
      await play.tick();
      release();
      expect(play.wrong).toEqual([]);
      for (const { room } of play.watchers.slice(0, count)) expect(room.state.seeds.size).toBe(36);
    }
    // Nine cells and the tick's end.
    expect(costs[1]).toEqual(costs[0]);
    expect(costs[0]).toMatchObject({ frames: 10, keyframes: 9 });
  });

  test("players come into a crowd, leave it, enter and leave its cells, and all see what is so", async () => {
    const play = await MeadowPlay.begin(meadowRoom);
    while (play.watchers.length < 12) await play.join();
    for (let turn = 0; turn < 12; turn++) {
      const [leaving, entering, ...rest] = play.watchers as [Watcher, Watcher, ...Watcher[]];
      play.do((room) => {
        for (const { row } of room.players)
          Object.assign(row, { x: (row.id * 7 + turn * 11) % 50, fear: turn });
        room.state.seeds.add({ x: turn, y: turn });
      });
      play.look(entering, turn % 2 === 0 ? { x: 90, y: 0 } : { x: 10, y: 0 });
      for (const watcher of rest)
        play.look(watcher, turn % 3 === 0 ? "own-row" : { x: 30 * (turn % 2), y: 0 });
      await play.leave(leaving, turn % 2 === 0 ? "leave" : "cut");
      await play.join();
    }
    await play.tick(2);
    expect(play.wrong).toEqual([]);
    expect(play.watchers).toHaveLength(12);
  });

  test("whoever is sent away sees the tick in which they leave whole", async () => {
    const play = await MeadowPlay.begin(meadowRoom);
    const [staying] = play.watchers as [Watcher];
    const leaving = await play.join();
    play.look(staying, { x: 90, y: 90 });
    play.do(({ state }) => [1, 2, 3].map((n) => state.seeds.add({ n, x: n * 10, y: 5 })));
    await play.tick();
    play.do((room) => playerOf(room, leaving)?.close());
    await play.tick();
    // They leave with this tick.
    play.do(({ state }) => {
      const [one, two, three] = [...state.seeds];
      Object.assign(one ?? {}, { n: 9 });
      Object.assign(two ?? {}, { x: 99 });
      if (three !== undefined) state.seeds.remove(three);
    });
    play.do((room) => room.near(5, 5).broadcast("rustle", { n: 1, from: undefined }));
    const heard: number[] = [];
    leaving.room.on("rustle", ({ n }) => heard.push(n));
    await play.tick();
    expect(leaving.room.connection.state).toBe("closed");
    expect([...leaving.room.state.seeds].map(({ n }) => n)).toEqual([9]);
    expect(heard).toEqual([1]);
    expect(play.core.sight?.grid.cellCount).toBe(
      new Set([...staying.witness.held].map(({ stream }) => stream.id)).size + 2,
    );
  });
});

describe("[INT-26] streams of cells", () => {
  test("everything is one stream, and looking back at one's row is exact", async () => {
    const play = await MeadowPlay.begin(meadowRoom);
    const [watcher] = play.watchers as [Watcher];
    play.do(({ state }) => {
      for (let x = -100; x <= 100; x += 20) state.seeds.add({ x, y: -x });
    });
    await play.tick();
    expect(watcher.room.state.seeds.size).toBe(3);
    const fine = watcher.witness.held.map(({ stream }) => stream.id);
    play.look(watcher, "everything");
    await play.tick();
    expect(watcher.room.state.seeds.size).toBe(11);
    expect(watcher.witness.held).toHaveLength(1);
    play.look(watcher, "own-row");
    await play.tick();
    expect(watcher.room.state.seeds.size).toBe(3);
    expect(watcher.witness.held).toHaveLength(fine.length);
    expect(play.wrong).toEqual([]);
  });

  test("are given back after a rest, and used again for other cells without a mistake", async () => {
    const play = await MeadowPlay.begin(meadowRoom);
    const [watcher] = play.watchers as [Watcher];
    play.do(({ state }) => {
      for (let x = -95; x <= 100; x += 10) state.seeds.add({ x, y: 0 });
    });
    const used = new Map<number, Set<string>>();
    let highest = 0;
    for (let turn = 0; turn < 1_500; turn++) {
      play.do((room) =>
        Object.assign(playerOf(room, watcher)?.row ?? {}, { x: 90 * Math.sin(turn / 7), y: 0 }),
      );
      await play.tick();
      for (const { column, row, stream } of watcher.witness.held as readonly Cell[]) {
        const places = used.get(stream.id) ?? new Set();
        used.set(stream.id, places.add(`${column},${row}`));
        if (turn < 1_000) highest = Math.max(highest, stream.id);
      }
    }
    // No more of them in the last third, though cells came and went at every crossing.
    expect(Math.max(...used.keys())).toBe(highest);
    expect([...used.values()].some((places) => places.size > 1)).toBe(true);
    expect(play.wrong).toEqual([]);
  });
});
