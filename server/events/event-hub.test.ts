import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { angle, bytes, list, oneOf, optional, ref, text, u8, u16 } from "../../shared/game.ts";
import { Clustered } from "../../tests/server-kit/clustered.ts";
import { host } from "../../tests/server-kit/hosted.ts";
import { probe, probeGame, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import { defineRoom } from "../room/define-room.ts";
import type { RoomCore } from "../room/room-core.ts";
import { defineClusterEvents } from "./cluster-events.ts";

const news = defineClusterEvents("news", {
  room: {
    id: text(8),
    players: u16,
    tags: list(oneOf("ice", "fire"), 4),
    icon: optional(bytes(4)),
    at: angle(),
  },
  said: v.object({ text: v.pipe(v.string(), v.maxLength(10)), at: v.optional(v.number(), 7) }),
});
const whole = { id: "r1", players: 3, tags: ["ice" as const], icon: new Uint8Array([1, 2]), at: 0 };

const room = defineRoom(probe, { ...quietHandlers, emptyForMs: 600_000 });

describe("[NOD-50] events are declared by fields or a schema, and arrive as such", () => {
  test("on a server alone, in order, behind the call that publishes", async () => {
    const { server, clock } = await host([room]);
    const heard: unknown[] = [];
    server.events.listen(news, "room", (value) => {
      expectTypeOf(value.tags).toEqualTypeOf<("ice" | "fire")[]>();
      heard.push(value);
      return undefined;
    });
    server.events.listen(news, "said", (value) => {
      expectTypeOf(value.at).toEqualTypeOf<number>();
      heard.push(value);
      return undefined;
    });
    server.events.publish(news, "room", whole);
    server.events.publish(news, "said", { text: "hi" });
    expect(heard).toEqual([]);
    await clock.settle();
    expect(heard).toEqual([whole, { text: "hi", at: 7 }]);
  });

  test("what an event cannot carry is our own misuse, by event and field", async () => {
    const { server } = await host([room]);
    expect(() => server.events.publish(news, "room", { ...whole, players: "three" as never })).toThrow(
      'players of event "room" of "news"',
    );
    expect(() => server.events.publish(news, "said", { text: "far too long" })).toThrow(
      'event "said" of "news"',
    );
    expect(() => server.events.publish(news, "nothing" as never, {} as never)).toThrow('no event "nothing"');
    expect(() => defineClusterEvents("a", { hit: { who: ref("players") } })).toThrow("refers to a row");
    expect(() => defineClusterEvents("A B", {})).toThrow("is no name of cluster events");
  });

  test("what another version of a server sends is dropped, and told", async () => {
    const cluster = new Clustered();
    const hosted = await cluster.start("n1", [room]);
    const drops: string[] = [];
    hosted.server.bus.on("clusterEventDropped", ({ declaration, event, why }) =>
      drops.push(`${declaration}.${event}: ${why}`),
    );
    const heard: unknown[] = [];
    hosted.server.events.listen(news, "said", (value) => void heard.push(value) as undefined);
    const old = defineClusterEvents("news", { said: v.object({ text: v.number() }), gone: { n: u8 } });
    const other = await cluster.start("n2", [room]);
    other.server.events.publish(old, "said", { text: 5 });
    other.server.events.publish(old, "gone", { n: 5 });
    await hosted.run(10);
    expect([heard, drops]).toEqual([[], ["news.said: not-understood", "news.gone: not-understood"]]);
  });
});

describe("[NOD-51] events reach the servers and rooms of the whole cluster, at most once", () => {
  test("each listener once, wherever it was published", async () => {
    const cluster = new Clustered();
    const servers = [await cluster.start("n1", [room]), await cluster.start("n2", [room])];
    const heard: string[] = [];
    for (const [at, { server }] of servers.entries())
      server.events.listen(news, "said", ({ text }) => void heard.push(`${at}: ${text}`) as undefined);
    servers[0]?.server.events.publish(news, "said", { text: "one" });
    servers[1]?.server.events.publish(news, "said", { text: "two" });
    await cluster.clock.settle();
    expect(heard.sort()).toEqual(["0: one", "0: two", "1: one", "1: two"]);
  });

  test("out of reach of the others it is told to those here alone, and that is told", async () => {
    const cluster = new Clustered();
    const [one, two] = [await cluster.start("n1", [room]), await cluster.start("n2", [room])];
    const heard: string[] = [];
    const drops: string[] = [];
    one.server.bus.on("clusterEventDropped", ({ why }) => drops.push(why));
    for (const { server } of [one, two])
      server.events.listen(news, "said", ({ text }) => void heard.push(text) as undefined);
    one.clusterBus.cut();
    one.server.events.publish(news, "said", { text: "alone" });
    await cluster.clock.settle();
    expect([heard, drops]).toEqual([["alone"], ["unsent"]]);
  });
});

describe("[NOD-52] a room hears in its ticks, as much as fits, and as long as it lives", () => {
  async function listening() {
    const heard: string[] = [];
    const errors: string[] = [];
    const hosted = await host([
      defineRoom(probe, {
        ...quietHandlers,
        emptyForMs: 600_000,
        create(room) {
          const stop = room.listen(news, "said", ({ text }) => {
            if (text === "throw") throw new Error("so");
            if (text === "stop") stop();
            heard.push(`${room.tick}: ${text}`);
            return undefined;
          });
        },
        onError: (_room, _error, where) => void errors.push(JSON.stringify(where)) as undefined,
      }),
    ]);
    await hosted.join("/probe", probeGame, { name: "ada" });
    const core: RoomCore = hosted.room();
    const say = (text: string) => core.facade.publish(news, "said", { text });
    return { hosted, core, heard, errors, say };
  }

  test("in the next tick, and what a listener throws is the room's own", async () => {
    const { hosted, core, heard, errors, say } = await listening();
    const { tick } = core;
    say("a");
    say("throw");
    say("b");
    await hosted.clock.settle();
    expect(heard).toEqual([]);
    await hosted.ticks(1);
    expect(heard).toEqual([`${tick + 1}: a`, `${tick + 1}: b`]);
    expect(errors).toEqual(['{"hook":"listen","name":"said"}']);
    say("stop");
    await hosted.ticks(1);
    say("c");
    await hosted.ticks(1);
    expect(heard.at(-1)).toContain("stop");
  });

  test("beyond 256 that wait for a tick the newest are dropped, and that is told", async () => {
    const { hosted, heard, say } = await listening();
    let drops = 0;
    hosted.server.bus.on("clusterEventDropped", ({ why }) => {
      expect(why).toBe("too-many");
      drops += 1;
    });
    for (let n = 0; n < 300; n++) say(`${n}`);
    await hosted.ticks(1);
    expect([heard.length, drops]).toEqual([256, 44]);
  });

  test("a room that has closed hears nothing, and leaves nothing", async () => {
    const { hosted, core, heard, say } = await listening();
    say("late");
    core.shutDown("room-closed");
    await hosted.ticks(2);
    expect(heard).toEqual([]);
    await hosted.stop();
  });
});
