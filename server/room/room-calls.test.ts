import { runInNewContext } from "node:vm";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import type { Game } from "../../shared/definition/game.ts";
import { defineGame, record, u8 } from "../../shared/game.ts";
import { host } from "../../tests/server-kit/hosted.ts";
import { ACT, ADD, probe, probeGame, quietHandlers, SAY } from "../../tests/server-kit/probe-game.ts";
import { defineRoom } from "./define-room.ts";
import { fail } from "./outcomes.ts";

const OK = 0;
const DECLARED = 1;
const INTERNAL = 2;
const INVALID = 3;

/** A promise to others, and to this realm only something with a `then`. */
const elsewhere: (value: unknown) => PromiseLike<{ done: string }> = runInNewContext(
  "(value) => value === undefined ? Promise.reject(new Error('no rows')) : Promise.resolve(value)",
);

/** A room that does what a message or request asks it to. */
async function obedient(limits = {}) {
  const errors: string[] = [];
  const said: string[] = [];
  const hosted = await host(
    [
      defineRoom(probe, {
        onError: (_room, error, where) =>
          void errors.push(`${where.hook} ${"name" in where ? where.name : ""}: ${(error as Error).message}`),
        on: {
          say: (_room, _player, { text }) => void said.push(text),
          act(_room, player, { does }) {
            if (does === "throw") throw new Error("act failed");
            if (does === "kick") player.close();
          },
        },
        requests: {
          add: (_room, _player, { a, b }) =>
            a + b > 1_000 ? fail("overflow") : a % 2 === 1 ? fail("too-odd") : { sum: a + b },
          act(_room, _player, { does }): { done: string } | PromiseLike<{ done: string }> {
            if (does === "throw") throw new Error("act failed");
            if (does === "reject") return Promise.reject(new Error("act rejected"));
            if (does === "nonsense") return { done: 5 } as unknown as { done: string };
            if (does === "undeclared") return fail("tired") as never;
            if (does === "later") return Promise.resolve({ done: "later" });
            if (does === "query") return elsewhere({ done: "queried" });
            if (does === "bad query") return elsewhere(undefined);
            return { done: does };
          },
        },
      }),
    ],
    { limits },
  );
  const ada = await hosted.join("/probe", probeGame);
  const ask = async (index: number, payload: unknown) => {
    const sequence = ada.request(index, payload);
    await hosted.ticks(3);
    return ada.replies.filter(([asked]) => asked === sequence).map(([, status, value]) => [status, value]);
  };
  return { hosted, ada, ask, errors, said };
}

describe("[ROO-10] a request is answered once, in the order of the definition's errors", () => {
  test("with the reply", async () => {
    const { ask } = await obedient();
    expect(await ask(ADD, { a: 2, b: 3 })).toEqual([[OK, { sum: 5 }]]);
  });

  test("with a declared error, by its place", async () => {
    const { ask, hosted } = await obedient();
    expect(await ask(ADD, { a: 2_000, b: 3 })).toEqual([[DECLARED, 0]]);
    expect(await ask(ADD, { a: 1, b: 3 })).toEqual([[DECLARED, 1]]);
    expect(hosted.failedHooks).toEqual([]);
  });

  test("later, where the handler is asynchronous", async () => {
    const { ask } = await obedient();
    expect(await ask(ACT, { does: "later" })).toEqual([[OK, { done: "later" }]]);
  });

  test("later, where the handler gives what only acts like a promise", async () => {
    const { ask, errors } = await obedient();
    expect(await ask(ACT, { does: "query" })).toEqual([[OK, { done: "queried" }]]);
    expect(await ask(ACT, { does: "bad query" })).toEqual([[INTERNAL, null]]);
    expect(errors).toEqual(["request act: no rows"]);
  });

  test("several of one tick each get theirs", async () => {
    const { ada, hosted } = await obedient();
    const sums = [2, 4, 6].map((a) => [ada.request(ADD, { a, b: 1 }), OK, { sum: a + 1 }]);
    await hosted.ticks(2);
    expect(ada.replies).toEqual(sums);
  });

  test("nobody else hears of it", async () => {
    const { hosted, ask } = await obedient();
    const bob = await hosted.join("/probe", probeGame);
    await ask(ADD, { a: 2, b: 3 });
    expect(bob.replies).toEqual([]);
  });
});

describe("[ROO-11] what goes wrong fails that one call", () => {
  test("an input that does not validate is told as invalid, and is no error of the author's", async () => {
    const { ask, errors } = await obedient();
    expect(await ask(ADD, { a: "2", b: 3 })).toEqual([[INVALID, null]]);
    expect(await ask(ADD, undefined)).toEqual([[INVALID, null]]);
    expect(errors).toEqual([]);
  });

  for (const [does, message] of [
    ["throw", "request act: act failed"],
    ["reject", "request act: act rejected"],
    ["undeclared", 'request act: request "act" declares no error "tired"'],
  ] as const)
    test(`a handler that does "${does}" is an internal error, told to onError`, async () => {
      const { ada, ask, errors } = await obedient();
      expect(await ask(ACT, { does })).toEqual([[INTERNAL, null]]);
      expect(errors).toEqual([message]);
      expect(await ask(ACT, { does: "well" })).toEqual([[OK, { done: "well" }]]);
      expect(ada.ended).toBeUndefined();
    });

  test("a reply that is not what was declared is an internal error", async () => {
    const { ask, errors } = await obedient();
    expect(await ask(ACT, { does: "nonsense" })).toEqual([[INTERNAL, null]]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^request act: the reply of request "act" is not what it declares: done: /);
  });

  test("a message handler that throws is told, and the player plays on", async () => {
    const { ada, hosted, errors, said } = await obedient();
    ada.message(ACT, { does: "throw" });
    ada.message(SAY, { text: "hi" });
    await hosted.ticks(1);
    expect(errors).toEqual(["message act: act failed"]);
    expect(said).toEqual(["hi"]);
    expect(ada.ended).toBeUndefined();
  });

  test("a message that does not validate never reaches its handler", async () => {
    const { ada, hosted, said, errors } = await obedient();
    ada.message(SAY, { text: 5 });
    ada.message(SAY, { text: "fine" });
    await hosted.ticks(1);
    expect(said).toEqual(["fine"]);
    expect(errors).toEqual([]);
  });
});

describe("[ROO-12] a reply that cannot be sent is an internal error, and the tick is published", () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const odd = defineGame({
    name: "odd",
    tickRate: 20,
    state: { match: record({ round: u8 }) },
    requests: { any: { input: v.string(), reply: v.any() } },
  });
  const replies: Record<string, unknown> = {
    cycle,
    symbol: Symbol("s"),
    huge: 2n ** 70n,
    fine: [1, "a", null],
  };

  for (const [kind, status] of [
    ["cycle", INTERNAL],
    ["symbol", INTERNAL],
    ["huge", INTERNAL],
    ["fine", OK],
  ] as const)
    test(kind, async () => {
      const hosted = await host([defineRoom(odd, { requests: { any: (_r, _p, what) => replies[what] } })]);
      const ada = await hosted.join("/odd", odd as unknown as Game);
      const bob = await hosted.join("/odd", odd as unknown as Game);
      const sequence = ada.request(0, kind);
      await hosted.ticks(2);
      expect(ada.replies).toEqual([[sequence, status, status === OK ? replies[kind] : null]]);
      expect(bob.of("tickEnd").map(([, tick]) => tick)).toEqual([2, 3, 4]);
      expect(hosted.faults).toEqual([]);
    });
});

describe("[ROO-13] a player whose calls fail three times in 10 s is closed as too-many-errors", () => {
  const failing = [
    ["messages that do not validate", "message", SAY, { text: 5 }],
    ["messages whose handler throws", "message", ACT, { does: "throw" }],
    ["requests that do not validate", "request", ADD, {}],
    ["requests whose handler throws", "request", ACT, { does: "throw" }],
    ["requests whose handler rejects", "request", ACT, { does: "reject" }],
    ["requests whose reply is nonsense", "request", ACT, { does: "nonsense" }],
  ] as const;

  for (const [what, kind, index, payload] of failing)
    test(what, async () => {
      const { ada, hosted } = await obedient();
      for (let i = 0; i < 2; i++) ada[kind](index, payload);
      await hosted.ticks(2);
      expect(ada.ended).toBeUndefined();
      ada[kind](index, payload);
      await hosted.ticks(3);
      expect(ada.ended).toMatchObject({ code: 4703, name: "too-many-errors" });
    });

  test("three within more than that are forgiven", async () => {
    const { ada, hosted } = await obedient();
    for (let i = 0; i < 6; i++) {
      ada.message(ACT, { does: "throw" });
      await hosted.run(5_100);
    }
    expect(ada.ended).toBeUndefined();
  });

  test("the calls behind the third are not heard, and leave is told the reason", async () => {
    const { ada, hosted, said } = await obedient();
    const left: string[] = [];
    hosted.server.bus.on("playerLeft", ({ reason }) => left.push(reason));
    for (let i = 0; i < 3; i++) ada.message(ACT, { does: "throw" });
    ada.message(SAY, { text: "too late" });
    await hosted.ticks(3);
    expect(said).toEqual([]);
    expect(hosted.failedHooks).toHaveLength(3);
    expect(left).toEqual(["too-many-errors"]);
  });

  test("a declared error is no failure", async () => {
    const { ada, hosted, ask } = await obedient();
    for (let i = 0; i < 5; i++) await ask(ADD, { a: 2_000, b: 1 });
    await hosted.ticks(1);
    expect(ada.ended).toBeUndefined();
  });
});

describe("[ROO-14] calls of a player who is removed", () => {
  test("are not heard behind the one that removed them", async () => {
    const { ada, hosted, said } = await obedient();
    ada.message(ACT, { does: "kick" });
    ada.message(SAY, { text: "too late" });
    await hosted.ticks(3);
    expect(said).toEqual([]);
    expect(ada.ended?.name).toBe("kicked");
  });

  test("a handler that ends after its player left hurts nobody", async () => {
    let finish = (_: { done: string }): void => {};
    const hosted = await host([
      defineRoom(probe, {
        on: quietHandlers.on,
        emptyForMs: 60_000,
        requests: {
          add: quietHandlers.requests.add,
          act: () =>
            new Promise<{ done: string }>((resolve) => {
              finish = resolve;
            }),
        },
      }),
    ]);
    const ada = await hosted.join("/probe", probeGame);
    ada.request(ACT, { does: "wait" });
    await hosted.ticks(1);
    ada.socket.cut();
    await hosted.ticks(1);
    finish({ done: "too late" });
    await hosted.ticks(2);
    expect(hosted.faults).toEqual([]);
    expect(hosted.failedHooks).toEqual([]);
  });
});

describe("[ROO-15] calls are counted and bounded", () => {
  test("more than maxWaitingCalls of one player before a tick close the connection as rate-limited", async () => {
    const { ada, hosted, said } = await obedient({ maxWaitingCalls: 3 });
    for (const text of ["1", "2", "3"]) ada.message(SAY, { text });
    await hosted.ticks(1);
    for (const text of ["4", "5", "6"]) ada.message(SAY, { text });
    await hosted.ticks(1);
    expect(ada.ended).toBeUndefined();
    expect(said).toEqual(["1", "2", "3", "4", "5", "6"]);
    for (const text of ["7", "8", "9", "10"]) ada.message(SAY, { text });
    await hosted.ticks(1);
    expect(ada.ended).toMatchObject({ code: 4203, name: "rate-limited" });
    expect(said.slice(6)).toEqual(["7", "8", "9"]);
  });

  for (const [what, frame] of [
    ["that skips a number", [2, 2, SAY, { text: "" }]],
    ["with a number that was", [2, 0, SAY, { text: "" }]],
    ["that the definition does not have", [2, 1, 2, {}]],
    ["of a request that the definition does not have", [3, 1, 2, {}]],
  ] as const)
    test(`a call ${what} is a bad frame`, async () => {
      const { ada, hosted } = await obedient();
      ada.send(frame);
      await hosted.ticks(1);
      expect(ada.ended?.name).toBe("bad-frame");
    });
});
