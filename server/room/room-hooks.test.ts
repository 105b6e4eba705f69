import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { type Hosted, host, NOTHING_LEFT } from "../../tests/server-kit/hosted.ts";
import { ACT, ADD, probe, probeGame, quietHandlers, SAY } from "../../tests/server-kit/probe-game.ts";
import { defineRoom } from "./define-room.ts";

/** A room that writes down which hook runs in which tick. */
async function diary() {
  const lines: string[] = [];
  const hosted = await host([
    defineRoom(probe, {
      graceMs: 0,
      emptyForMs: 60_000,
      load: async () => {
        await Promise.resolve();
        lines.push("load");
        return 3;
      },
      data: (loaded) => {
        lines.push("data");
        return { loaded };
      },
      admit: ({ join }) => {
        lines.push(`admit ${join.name}`);
        return { name: join.name };
      },
      create: (room) => void lines.push(`create ${room.tick} ${room.data.loaded}`),
      join: (room, player, { name }) => void lines.push(`join ${room.tick} ${name} ${player.data.name}`),
      leave: (room, player, reason) => void lines.push(`leave ${room.tick} ${player.data.name} ${reason}`),
      tick: (room, dt) => void lines.push(`tick ${room.tick} ${dt}`),
      on: {
        say: (room, player, { text }) => void lines.push(`say ${room.tick} ${player.data.name} ${text}`),
        act() {},
      },
      requests: {
        add: (room, player, { a, b }) => {
          lines.push(`add ${room.tick} ${player.data.name} ${a} ${b}`);
          return { sum: a + b };
        },
        act: () => ({ done: "" }),
      },
    }),
  ]);
  const take = () => lines.splice(0);
  return { hosted, lines, take };
}

describe("[ROO-1] hooks run in this order", () => {
  test("load, data, create before the room's first tick; admit before the seat; join before its tick's tick", async () => {
    const { hosted, take } = await diary();
    await hosted.greet("/probe", probeGame, { name: "ada" });
    expect(take()).toEqual(["load", "data", "create 0 3", "admit ada"]);
    await hosted.ticks(2);
    expect(take()).toEqual(["join 1 ada ada", "tick 1 0.05", "tick 2 0.05"]);
  });

  test("[ROO-2] joins, messages, requests and leaves of one tick run at its start, in order of arrival", async () => {
    const { hosted, take } = await diary();
    const ada = await hosted.join("/probe", probeGame, { name: "ada" });
    const bob = await hosted.join("/probe", probeGame, { name: "bob" });
    take();
    ada.message(SAY, { text: "1" });
    await hosted.greet("/probe", probeGame, { name: "cyd" });
    bob.request(ADD, { a: 1, b: 2 });
    await hosted.clock.settle();
    ada.leave();
    bob.message(SAY, { text: "3" });
    await hosted.clock.settle();
    expect(take()).toEqual(["admit cyd"]);
    await hosted.ticks(1);
    expect(take()).toEqual([
      "say 3 ada 1",
      "join 3 cyd cyd",
      "add 3 bob 1 2",
      "leave 3 ada left",
      "say 3 bob 3",
      "tick 3 0.05",
    ]);
  });

  test("[ROO-2] what a player sent before leaving is handled, what came after is not", async () => {
    const { hosted, take } = await diary();
    const ada = await hosted.join("/probe", probeGame, { name: "ada" });
    take();
    ada.message(SAY, { text: "before" });
    ada.leave();
    ada.message(SAY, { text: "after" });
    await hosted.ticks(1);
    expect(take()).toEqual(["say 2 ada before", "leave 2 ada left", "tick 2 0.05"]);
    expect(ada.ended?.name).toBe("left");
  });

  test("[ROO-2] so is what arrived before the connection was lost", async () => {
    const { hosted, take } = await diary();
    const ada = await hosted.join("/probe", probeGame, { name: "ada" });
    take();
    ada.message(SAY, { text: "last words" });
    await hosted.clock.settle();
    ada.socket.cut();
    await hosted.ticks(1);
    expect(take()).toEqual(["say 2 ada last words", "leave 2 ada connection-lost", "tick 2 0.05"]);
  });

  test("one who leaves before the tick never joins", async () => {
    const { hosted, take } = await diary();
    await hosted.join("/probe", probeGame, { name: "ada" });
    const bob = await hosted.greet("/probe", probeGame, { name: "bob" });
    const cyd = await hosted.greet("/probe", probeGame, { name: "cyd" });
    take();
    bob.leave();
    cyd.socket.cut();
    await hosted.ticks(1);
    expect(take()).toEqual(["tick 2 0.05"]);
    expect(hosted.room().seats.taken).toBe(1);
  });
});

describe("[ROO-3] room.after", () => {
  async function timed(seconds: number) {
    const calls: number[] = [];
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        create: (room) => {
          room.after(seconds, () => void calls.push(room.tick));
        },
      }),
    ]);
    await hosted.join("/probe", probeGame);
    await hosted.ticks(40);
    return calls;
  }

  for (const [seconds, tick] of [
    [0, 1],
    [0.001, 1],
    [0.05, 1],
    [0.051, 2],
    [1, 20],
    [1.5, 30],
  ] as const)
    test(`${seconds} s after tick 0 is tick ${tick} at 20 Hz`, async () => {
      expect(await timed(seconds)).toEqual([tick]);
    });

  test("what it throws is told, and the room goes on", async () => {
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        create: (room) => {
          room.after(0.1, () => {
            throw new Error("boom");
          });
        },
      }),
    ]);
    const ada = await hosted.join("/probe", probeGame);
    await hosted.ticks(5);
    expect(hosted.failedHooks.map(({ where }) => where)).toEqual([{ hook: "after" }]);
    expect(ada.tick).toBe(6);
  });
});

describe("[ROO-4] room.random", () => {
  async function numbers(seed: number, rooms = 1): Promise<number[][]> {
    const seen: number[][] = [];
    const hosted = await host(
      [
        defineRoom(probe, {
          ...quietHandlers,
          options: v.object({ n: v.string() }),
          create: (room) => void seen.push([room.random(), room.random()]),
          tick: (room) => void seen.at(-1)?.push(room.random()),
        }),
      ],
      { seed },
    );
    for (let i = 0; i < rooms; i++) await hosted.join(`/probe?n=${i}`, probeGame);
    return seen;
  }

  test("equal seeds give equal numbers, others do not", async () => {
    const [first] = await numbers(11);
    expect(first).toEqual((await numbers(11))[0]);
    expect(first).not.toEqual((await numbers(12))[0]);
    expect(first?.every((n) => n >= 0 && n < 1)).toBe(true);
    expect(new Set(first).size).toBe(3);
  });

  test("rooms do not take numbers from one another", async () => {
    const [first, second] = await numbers(11, 2);
    expect(second?.slice(0, 2)).toEqual(first?.slice(0, 2));
  });
});

describe("[ROO-5] room.run", () => {
  /** A room whose request handler changes the state after an await. */
  async function running(change: () => string = () => "done") {
    let opened: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      opened = resolve;
    });
    const ran: number[] = [];
    const hosted: Hosted = await host([
      defineRoom(probe, {
        on: quietHandlers.on,
        requests: {
          add: quietHandlers.requests.add,
          act: async (room) => {
            await gate;
            const done = await room.run(() => {
              ran.push(room.tick);
              room.state.things.add({ n: 5 });
              return change();
            });
            return { done };
          },
        },
      }),
    ]);
    const ada = await hosted.join("/probe", probeGame);
    return { hosted, ada, ran, open: opened };
  }

  test("runs in the next tick, and the reply comes with the one after", async () => {
    const { hosted, ada, ran, open } = await running();
    const sequence = ada.request(ACT, { does: "wait" });
    await hosted.ticks(3);
    expect(ada.replies).toEqual([]);
    open();
    await hosted.clock.settle();
    expect(ran).toEqual([]);
    await hosted.ticks(1);
    expect(ran).toEqual([5]);
    expect(hosted.room().state.find("things", 1)).toMatchObject({ n: 5 });
    await hosted.ticks(1);
    expect(ada.replies).toEqual([[sequence, 0, { done: "done" }]]);
  });

  test("what it throws rejects, and reaches onError as `run`", async () => {
    const { hosted, ada, open } = await running(() => {
      throw new Error("boom");
    });
    const sequence = ada.request(ACT, { does: "wait" });
    open();
    await hosted.ticks(3);
    expect(ada.replies).toEqual([[sequence, 2, null]]);
    expect(hosted.failedHooks.map(({ where }) => where)).toEqual([
      { hook: "run" },
      { hook: "request", name: "act" },
    ]);
  });

  test("a run that nobody awaits may throw: the process goes on, and the error is told", async () => {
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        create: (room) => {
          void room.run(() => {
            throw new Error("boom");
          });
        },
      }),
    ]);
    const ada = await hosted.join("/probe", probeGame);
    await hosted.ticks(2);
    expect(hosted.failedHooks.map(({ where }) => where)).toEqual([{ hook: "run" }]);
    expect(ada.tick).toBe(3);
  });

  test("rejects where the room has closed, also for what waited then", async () => {
    const outcomes: string[] = [];
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        tick: (room) => {
          if (room.tick !== 2) return;
          const tell = () =>
            room
              .run(() => "ran")
              .then(
                (result) => void outcomes.push(result),
                (error: Error) => {
                  outcomes.push(error.message);
                  if (outcomes.length < 2) void tell();
                },
              );
          void tell();
          room.close();
        },
      }),
    ]);
    await hosted.join("/probe", probeGame);
    await hosted.ticks(2);
    expect(outcomes).toEqual(["the room has closed", "the room has closed"]);
    expect(hosted.failedHooks).toEqual([]);
    expect(await hosted.stop()).toEqual(NOTHING_LEFT);
  });
});
