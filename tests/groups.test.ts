import { describe, expect, test } from "vitest";
import { defineRoom } from "../server/index.ts";
import type { Game } from "../shared/definition/game.ts";
import { type DeltaFrame, type KeyframeFrame, StreamAudience } from "../shared/protocol/frames.ts";
import { host } from "./server-kit/hosted.ts";
import { MEADOW_CELL, meadow, meadowRoom, openMeadowRoom } from "./server-kit/meadow.ts";
import { MeadowPlay, playerOf, type Watcher } from "./server-kit/meadow-play.ts";

/** Three hares, told of what changes about each other: the first is grey, the others brown. */
async function clans(room = meadowRoom) {
  const play = await MeadowPlay.begin(room);
  const [first] = play.watchers as [Watcher];
  const [second, third] = [await play.join(), await play.join()];
  const hareOf = (watcher: Watcher) => (change: Record<string, unknown>) =>
    play.do((meadowOf) => Object.assign(playerOf(meadowOf, watcher)?.row ?? {}, change));
  hareOf(first)({ clan: "grey", plan: 11 });
  hareOf(second)({ clan: "brown", plan: 22 });
  hareOf(third)({ clan: "brown", plan: 33 });
  await play.tick();
  const plans = ({ room: { state } }: Watcher) => [...state.hares].map(({ plan }) => plan);
  return { play, first, second, third, hareOf, plans };
}

describe.each([
  ["[GRP-21] with interest", meadowRoom],
  ["[GRP-21] without interest", openMeadowRoom],
])("%s", (_which, definition) => {
  test("nobody sees a group's fields who was not added to it, not even of their own row", async () => {
    const { play, first, plans } = await clans(definition);
    expect(plans(first)).toEqual([undefined, undefined, undefined]);
    expect(first.room.me?.clan).toBe("grey");
    expect(play.wrong).toEqual([]);
  });

  test("who comes into a group sees it in that tick, and who leaves it does so no more", async () => {
    const { play, first, plans } = await clans(definition);
    const told: unknown[] = [];
    first.room.state.hares.onChange(({ plan }, changed) => told.push([[...changed], plan]));
    play.addTo("brown", first);
    await play.tick();
    expect(plans(first)).toEqual([undefined, 22, 33]);
    play.addTo("grey", first);
    play.removeFrom("brown", first);
    await play.tick();
    expect(plans(first)).toEqual([11, undefined, undefined]);
    const both = ["plan", "heir"];
    expect(told.sort()).toEqual(
      [
        [both, undefined],
        [both, undefined],
        [both, 11],
        [both, 22],
        [both, 33],
      ].sort(),
    );
    expect(play.wrong).toEqual([]);
  });

  test("a row that goes over to another group takes its fields with it", async () => {
    const { play, first, second, third, hareOf, plans } = await clans(definition);
    for (const watcher of [first, second]) play.addTo("grey", watcher);
    for (const watcher of [second, third]) play.addTo("brown", watcher);
    await play.tick();
    hareOf(third)({ clan: "grey" });
    await play.tick();
    expect([first, second, third].map(plans)).toEqual([
      [11, undefined, 33],
      [11, 22, 33],
      [undefined, 22, undefined],
    ]);
    hareOf(third)({ clan: undefined });
    await play.tick();
    expect([first, second, third].map(plans)).toEqual([
      [11, undefined, undefined],
      [11, 22, undefined],
      [undefined, 22, undefined],
    ]);
    expect(play.wrong).toEqual([]);
  });

  test("a row that the group alone shows comes and goes with it: out of sight, or removed", async () => {
    const { play, first, second } = await clans(definition);
    const told: string[] = [];
    const { burrows } = first.room.state;
    burrows.onAdd(({ n }) => told.push(`+${n}`));
    burrows.onLeaveSight(({ n, of }) => told.push(`-${n} of ${of}`));
    burrows.onRemove(({ n, of }) => told.push(`×${n} of ${of}`));
    play.do(({ state }) => [5, 6, 7].map((n) => state.burrows.add({ n, of: 1 })));
    play.addTo(1, first);
    play.addTo("1", second);
    await play.tick();
    expect(told.splice(0)).toEqual(["+5", "+6", "+7"]);
    expect(second.room.state.burrows.size).toBe(0);
    play.do(({ state }) => {
      const [five, six] = [...state.burrows];
      if (five !== undefined) five.of = 2;
      if (six !== undefined) state.burrows.remove(six);
    });
    await play.tick();
    expect(told.splice(0).toSorted()).toEqual(["-5 of 1", "×6 of 1"]);
    play.removeFrom(1, first);
    await play.tick();
    expect(told).toEqual(["-7 of 1"]);
    expect(burrows.size).toBe(0);
    expect(play.wrong).toEqual([]);
  });

  test("a group of one, and one of nobody, are groups as any", async () => {
    const { play, first, second, third, hareOf, plans } = await clans(definition);
    play.addTo("white", third);
    await play.tick();
    hareOf(first)({ clan: "white", plan: 44 });
    await play.tick();
    expect([first, second, third].map(plans)).toEqual([
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
      [44, undefined, undefined],
    ]);
    play.removeFrom("white", third);
    hareOf(first)({ plan: 45 });
    await play.tick(3);
    expect(plans(third)).toEqual([undefined, undefined, undefined]);
    expect(play.wrong).toEqual([]);
  });

  test("who leaves the room sees their last tick whole, and nothing of the groups is left of them", async () => {
    const { play, first, second, hareOf } = await clans(definition);
    play.addTo("nobody's", second);
    play.addTo("grey", second);
    await play.tick();
    play.do((room) => playerOf(room, second)?.close());
    await play.tick();
    hareOf(first)({ plan: 99 });
    play.do((room) => room.group("grey").broadcast("rustle", { n: 3, from: undefined }));
    const heard: number[] = [];
    second.room.on("rustle", ({ n }) => heard.push(n));
    await play.tick();
    expect(second.room.connection.state).toBe("closed");
    expect([...second.room.state.hares].map(({ plan }) => plan)).toContain(99);
    expect(heard).toEqual([3]);
    expect(play.core.groups.count).toBe(2);
  });
});

describe("[GRP-21] on the wire", () => {
  const room = defineRoom(meadow, {
    interest: { cellSize: MEADOW_CELL },
    join(joined, player) {
      player.row.clan = "grey";
      player.groups.add("grey");
      player.groups.add("nobody's");
      joined.group("grey").broadcast("rustle", { n: 5, from: undefined });
      joined.group("brown").broadcast("rustle", { n: 6, from: undefined });
    },
  });

  test("who comes in gets each group's keyframe with the first tick, even an empty one's, and what it tells", async () => {
    const hosted = await host([room]);
    const client = await hosted.join("/meadow", meadow as unknown as Game);
    const { tick } = client.welcome;
    const groups = client.of("keyframe").filter((frame: KeyframeFrame) => frame[4] === StreamAudience.group);
    expect(groups.map(([, of, , rows]: KeyframeFrame) => [of, rows])).toEqual([
      [tick, [0, [client.welcome.row, 0b1100_0000 * 2 + 1, 0, 0]]],
      [tick, []],
    ]);
    expect(client.privateEvents).toEqual([{ tick, event: 0, values: [5, 0] }]);
    expect(hosted.faults).toEqual([]);
  });

  test("no other keyframe names an audience, and groups come by their own streams' deltas", async () => {
    const hosted = await host([room]);
    const client = await hosted.join("/meadow", meadow as unknown as Game);
    const frames = client.of("keyframe") as KeyframeFrame[];
    const [grey] = frames.filter((frame) => frame[4] === StreamAudience.group).map((frame) => frame[2]);
    expect(frames.filter((frame) => frame.length === 4).length).toBe(frames.length - 2);
    hosted.room().runInTick(() => {
      for (const { row } of hosted.room().facade.players as never as Iterable<{ row: { plan: number } }>)
        row.plan = 9;
      hosted
        .room()
        .facade.group("grey")
        .broadcast("rustle" as never, { n: 7, from: undefined } as never);
    });
    await hosted.ticks(1);
    const deltas = (client.of("delta") as DeltaFrame[]).filter(([, tick]) => tick === client.tick);
    expect(
      deltas.map(([, , , stream, rows, , events]) => [stream, rows, events?.map((part) => part.slice(1))]),
    ).toEqual([[grey, [0, [client.welcome.row, 0b0100_0000 * 2, 9]], [[0, 7, 0]]]]);
  });

  test("a hundred who come into a group cost one keyframe, as one does", async () => {
    const costs: number[] = [];
    for (const count of [1, 100]) {
      const play = await MeadowPlay.begin(openMeadowRoom);
      while (play.watchers.length < 100) await play.join();
      play.do(({ state }) => [1, 2, 3].map((n) => state.burrows.add({ n, of: 1 })));
      await play.tick(2);
      const release = play.server.bus.on("tickDone", ({ frames }) => costs.push(frames));
      for (const watcher of play.watchers.slice(0, count)) play.addTo(1, watcher);
      await play.tick();
      release();
      expect(play.watchers.filter(({ room: { state } }) => state.burrows.size === 3)).toHaveLength(count);
      expect(play.wrong).toEqual([]);
    }
    // The group and the tick's end.
    expect(costs).toEqual([2, 2]);
  });

  test("streams of groups are given back after a rest, and used again without a mistake", async () => {
    const play = await MeadowPlay.begin(openMeadowRoom);
    const [watcher] = play.watchers as [Watcher];
    const ids = new Set<number>();
    let most = 0;
    for (let turn = 0; turn < 900; turn++) {
      play.addTo(turn, watcher);
      play.removeFrom(turn - 1, watcher);
      await play.tick();
      for (const { stream } of watcher.witness.held) ids.add(stream.id);
      if (turn === 600) most = ids.size;
    }
    expect(ids.size).toBe(most);
    expect(most).toBeLessThan(600);
    expect(play.core.groups.count).toBe(1);
    expect(play.wrong).toEqual([]);
  });
});

describe("[GRP-22] an event to a group", () => {
  test("is heard once, in order among the tick's others, by its members and nobody else", async () => {
    const { play, first, second, third } = await clans();
    for (const watcher of [first, second]) play.addTo("grey", watcher);
    play.addTo("brown", second);
    await play.tick();
    play.tell("all");
    play.tell({ group: "grey" });
    play.tell({ player: first.room.playerId });
    play.tell({ group: "brown" });
    play.tell({ group: "nobody's" });
    play.tell({ group: "grey" });
    await play.tick();
    expect([first.heard, second.heard, third.heard]).toEqual([[1, 2, 3, 6], [1, 2, 4, 6], [1]]);
    expect(play.wrong).toEqual([]);
  });

  test("is heard by who comes into it or leaves it in that very tick, once", async () => {
    const { play, first, second, third } = await clans();
    play.addTo("grey", first);
    await play.tick();
    play.tell({ group: "grey" });
    play.addTo("grey", second);
    play.removeFrom("grey", first);
    await play.tick();
    expect([first.heard, second.heard, third.heard]).toEqual([[1], [1], []]);
    play.tell({ group: "grey" });
    await play.tick();
    expect([first.heard, second.heard, third.heard]).toEqual([[], [2], []]);
    expect(play.wrong).toEqual([]);
  });

  test("of which nobody is yet is heard by the first who comes into it", async () => {
    const { play, first, second } = await clans(openMeadowRoom);
    play.tell({ group: "nobody's" });
    play.addTo("nobody's", second);
    await play.tick();
    expect([first.heard, second.heard]).toEqual([[], [1]]);
    expect(play.wrong).toEqual([]);
  });

  test("in a tick that a late room does not publish is heard with the next that it does", async () => {
    const { play, first, second, third } = await clans();
    play.addTo("grey", first);
    await play.tick();
    const heard: [string, number][] = [];
    for (const [name, { room }] of Object.entries({ first, second, third }))
      room.on("rustle", ({ n }) => heard.push([name, n]));
    const published: number[] = [];
    play.server.bus.on("tickDone", ({ tick }) => published.push(tick));
    const late: number[] = [];
    play.dawdle(125);
    // What is asked for in one tick is done in the next.
    play.do(() =>
      play.do((room) => {
        late.push(room.tick);
        room.group("grey").broadcast("rustle", { n: 7, from: undefined });
        playerOf(room, second)?.groups.add("grey");
      }),
    );
    await play.tick(5);
    expect(late).toHaveLength(1);
    expect(published).not.toContain(late[0]);
    expect(heard.toSorted()).toEqual([
      ["first", 7],
      ["second", 7],
    ]);
  });

  test("is the author's mistake where the game defines no such event", async () => {
    const { play, first } = await clans();
    let thrown: unknown;
    play.do((room) => {
      try {
        room.group("grey").broadcast("bang" as "rustle", { n: 1, from: undefined });
      } catch (error) {
        thrown = error;
      }
    });
    await play.tick();
    expect(thrown).toEqual(new TypeError('game "meadow" defines no event "bang"'));
    expect(first.room.connection.state).toBe("joined");
  });
});

test("[GRP-10] a ninth group is refused in the call that asks for it, and the tick goes on", async () => {
  const { play, first } = await clans(openMeadowRoom);
  let thrown: unknown;
  play.do((room) => {
    const groups = playerOf(room, first)?.groups;
    try {
      for (let n = 0; n < 9; n++) groups?.add(n);
    } catch (error) {
      thrown = error;
    }
  });
  await play.tick(2);
  expect(thrown).toBeInstanceOf(RangeError);
  expect(first.witness.held).toHaveLength(8);
  expect(play.wrong).toEqual([]);
});
