import { describe, expect, test } from "vitest";
import type { CloseName, StandardCloseName } from "../../shared/protocol/close-codes.ts";
import { encode } from "../../shared/protocol/codec.ts";
import { ClientFrame, PROTOCOL_VERSION, ServerFrame } from "../../shared/protocol/frames.ts";
import { type Hosted, type HostOptions, host, NOTHING_LEFT } from "../../tests/server-kit/hosted.ts";
import { probe, probeGame, quietHandlers } from "../../tests/server-kit/probe-game.ts";
import type { RawClient } from "../../tests/server-kit/raw-client.ts";
import { defineRoom } from "../room/define-room.ts";
import type { SessionStateName } from "./session-state.ts";

const hello = [ClientFrame.hello, PROTOCOL_VERSION, probe.hash, null] as const;

/** Whatever a peer can send, by name. */
const inputs = {
  hello,
  "a hello for another definition": [ClientFrame.hello, PROTOCOL_VERSION, "", null],
  "a hello of another protocol": [ClientFrame.hello, PROTOCOL_VERSION + 1, probe.hash, null],
  "a hello with a join that is not asked for": [ClientFrame.hello, PROTOCOL_VERSION, probe.hash, { name: 5 }],
  "a hello without its parts": [ClientFrame.hello],
  input: [ClientFrame.input, 5, 4, 0, false],
  "an input that the game does not have": [ClientFrame.input, 5, 4, 0],
  message: [ClientFrame.message, 1, 0, { text: "hi" }],
  "a message with the wrong number": [ClientFrame.message, 2, 0, { text: "hi" }],
  request: [ClientFrame.request, 1, 0, { a: 1, b: 2 }],
  ping: [ClientFrame.ping, 12.5],
  ack: [ClientFrame.ack, 1],
  leave: [ClientFrame.leave],
  "the reserved ready": [ClientFrame.ready, 1],
  "an unknown type": [99],
  "no type": [],
  "a map": { type: 0 },
} as const;
type Input = keyof typeof inputs;

type Outcome =
  | "pong"
  | "ignored"
  | "taken"
  | "definition"
  | `-> ${SessionStateName}`
  | (CloseName | StandardCloseName);

const beforeWelcome: Record<Input, Outcome> = {
  hello: "bad-frame",
  "a hello for another definition": "bad-frame",
  "a hello of another protocol": "bad-frame",
  "a hello with a join that is not asked for": "bad-frame",
  "a hello without its parts": "bad-frame",
  input: "bad-frame",
  "an input that the game does not have": "bad-frame",
  message: "bad-frame",
  "a message with the wrong number": "bad-frame",
  request: "bad-frame",
  ping: "pong",
  ack: "bad-frame",
  leave: "left",
  "the reserved ready": "bad-frame",
  "an unknown type": "bad-frame",
  "no type": "bad-frame",
  "a map": "bad-frame",
};

const rules: Record<Exclude<SessionStateName, "gone">, Record<Input, Outcome>> = {
  greeting: {
    ...beforeWelcome,
    hello: "-> admitting",
    "a hello for another definition": "definition",
    "a hello of another protocol": "protocol-version",
    "a hello with a join that is not asked for": "bad-join",
  },
  admitting: beforeWelcome,
  joining: beforeWelcome,
  joined: {
    ...beforeWelcome,
    input: "taken",
    message: "taken",
    request: "taken",
    ack: "ignored",
    leave: "left",
  },
};

/** A server whose `admit` waits while `gate` is shut, and a client in the state. */
async function inState(state: SessionStateName, options: HostOptions = {}) {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const taken: string[] = [];
  const hosted = await host(
    [
      defineRoom(probe, {
        graceMs: 0,
        admit: () => (state === "admitting" ? gate.then(() => undefined) : undefined),
        tick(room) {
          for (const player of room.players) if (player.input.move !== 0) taken.push("input");
        },
        on: { ...quietHandlers.on, say: () => void taken.push("message") },
        requests: quietHandlers.requests,
      }),
    ],
    options,
  );
  const changes: string[] = [];
  hosted.server.bus.on("sessionChanged", ({ to }) => changes.push(to));
  const client = await hosted.connect("/probe");
  if (state !== "greeting") client.send(hello);
  await hosted.clock.settle();
  if (state === "joined" || state === "gone") await hosted.ticks(1);
  const [session] = hosted.server.sessions;
  if (session === undefined) throw new Error("there is no session");
  if (state === "gone") session.end("kicked");
  expect(changes.at(-1) ?? "greeting").toBe(state);
  return { hosted, client, session, changes, taken, open };
}

describe("[SES-1] what a peer sends is judged by the state it is in", () => {
  for (const [state, outcomes] of Object.entries(rules) as [keyof typeof rules, Record<Input, Outcome>][])
    describe(state, () => {
      for (const [input, outcome] of Object.entries(outcomes) as [Input, Outcome][])
        test(`${input}: ${outcome}`, async () => {
          const { hosted, client, changes } = await inState(state);
          const before = client.frames.length;
          const changesBefore = changes.length;
          client.socket.send(encode(inputs[input]));
          await hosted.clock.settle();
          const answers = client.frames.slice(before).map(([type]) => type);
          if (outcome === "pong") expect(answers).toEqual([ServerFrame.pong]);
          else if (outcome === "definition") expect(answers).toEqual([ServerFrame.definition]);
          else expect(answers).toEqual([]);
          if (outcome.startsWith("-> ")) expect(`-> ${changes[changesBefore]}`).toBe(outcome);
          else if (outcome === "left" && state === "joined") {
            expect(client.ended).toBeUndefined();
            await hosted.ticks(1);
            expect(client.ended?.name).toBe("left");
          } else if (["pong", "ignored", "taken", "definition"].includes(outcome))
            expect(client.ended).toBeUndefined();
          else {
            expect(client.ended?.name).toBe(outcome);
            expect(changes.at(-1)).toBe("gone");
          }
          expect(hosted.faults).toEqual([]);
        });

      for (const [name, bytes] of Object.entries({
        empty: [],
        "the reserved byte": [0xc1],
        "two values": [0xc0, 0xc0],
        "an extension": [0x91, 0xd4, 0x00, 0x00],
        "a cut array": [0x93, 0x04],
      }))
        test(`[SES-2] bytes that are no value (${name}): bad-frame`, async () => {
          const { hosted, client } = await inState(state);
          client.sendBytes(new Uint8Array(bytes));
          await hosted.clock.settle();
          expect(client.ended).toMatchObject({ code: 4702, name: "bad-frame" });
        });

      test("[SES-3] a text frame: 1003", async () => {
        const { hosted, client } = await inState(state);
        client.socket.sendText("hello");
        await hosted.clock.settle();
        expect(client.ended).toMatchObject({ code: 1003, name: "text-frame" });
      });

      test("[SES-4] a frame that was dropped: too-slow", async () => {
        const { hosted, client, session } = await inState(state);
        session.dropped();
        await hosted.clock.settle();
        expect(client.ended).toMatchObject({ code: 4202, name: "too-slow" });
      });

      test("[SES-5] a connection that is lost leaves nothing behind", async () => {
        const { hosted, client, open } = await inState(state);
        client.socket.cut();
        await hosted.clock.settle();
        open();
        await hosted.ticks(3);
        expect(hosted.server.sessions.size).toBe(0);
        for (const room of hosted.server.matchmaker.rooms.values()) expect(room.seats.taken).toBe(0);
        expect(await hosted.stop()).toEqual(NOTHING_LEFT);
        expect(hosted.faults).toEqual([]);
      });

      test("[SES-6] the server stopping: server-stopping", async () => {
        const { hosted, client, open } = await inState(state);
        const stopped = hosted.stop();
        open();
        await stopped;
        expect(client.ended).toMatchObject({ code: 4000, name: "server-stopping" });
      });
    });

  test("gone: nothing is heard any more, whatever comes", async () => {
    const { hosted, session, taken } = await inState("gone");
    const events: unknown[] = [];
    hosted.server.bus.on("sessionChanged", (event) => events.push(event));
    for (const input of Object.values(inputs)) session.message(encode(input));
    session.message(new Uint8Array([0xc1]));
    session.text();
    session.dropped();
    session.drained();
    session.end("left");
    expect(session.open).toBe(false);
    await hosted.ticks(3);
    expect(events).toEqual([]);
    expect(taken).toEqual([]);
    expect(hosted.faults).toEqual([]);
  });
});

describe("[SES-7] greeting", () => {
  test("has a deadline, counted from the connection", async () => {
    const { hosted, client } = await inState("greeting");
    client.send([ClientFrame.ping, 1]);
    await hosted.run(4_999);
    expect(client.ended).toBeUndefined();
    await hosted.run(1);
    expect(client.ended).toMatchObject({ code: 4200, name: "greeting-timeout" });
    expect(hosted.clock.pending).toBe(0);
  });

  test("the definition is sent for another hash, and gives as much time again", async () => {
    const { hosted, client } = await inState("greeting");
    await hosted.run(4_000);
    client.send(inputs["a hello for another definition"]);
    await hosted.run(4_999);
    expect(client.of("definition")).toEqual([
      [ServerFrame.definition, PROTOCOL_VERSION, probe.hash, probe.description],
    ]);
    expect(client.ended).toBeUndefined();
    client.send(hello);
    await hosted.ticks(1);
    expect(client.welcome.player).toBe(1);
    await hosted.run(10_000);
    expect(client.ended).toBeUndefined();
  });

  test("one that takes the definition and then says nothing is closed", async () => {
    const { hosted, client } = await inState("greeting");
    client.send(inputs["a hello for another definition"]);
    await hosted.run(5_000);
    expect(client.ended?.name).toBe("greeting-timeout");
  });

  test("the definition is sent once: a second wrong hash is a bad frame", async () => {
    const { hosted, client } = await inState("greeting");
    client.send(inputs["a hello for another definition"]);
    client.send([ClientFrame.hello, PROTOCOL_VERSION, "f00", null]);
    await hosted.clock.settle();
    expect(client.ended?.name).toBe("bad-frame");
    expect(client.of("definition")).toHaveLength(1);
  });

  for (const path of ["/chess", "/", "//probe", "/constructor", "/__proto__", "/probes"])
    test(`there is no game at ${path}`, async () => {
      const { hosted } = await inState("greeting");
      const client = await hosted.connect(path);
      client.send(hello);
      await hosted.clock.settle();
      expect(client.ended).toMatchObject({ code: 4603, name: "no-such-game" });
    });

  test("/probe/ is /probe", async () => {
    const { hosted } = await inState("greeting");
    expect((await hosted.join("/probe/", probeGame)).welcome.room).toBe("r1");
  });
});

describe("[SES-8] ping", () => {
  test("brings the stamp back with the server's clock, in every state", async () => {
    for (const state of ["greeting", "admitting", "joining", "joined"] as const) {
      const { hosted, client } = await inState(state);
      client.send([ClientFrame.ping, 123.25]);
      await hosted.clock.settle();
      const pong = [ServerFrame.pong, 123.25, hosted.clock.now()];
      // A player also hears which message was processed last.
      expect(client.of("pong")).toEqual([state === "joined" ? [...pong, 0] : pong]);
    }
  });
});

describe("[SES-9] the bus is told", () => {
  async function story(end: (hosted: Hosted, client: RawClient) => void) {
    const hosted = await host([defineRoom(probe, quietHandlers)]);
    const told: unknown[] = [];
    const { bus } = hosted.server;
    bus.on("sessionChanged", ({ session, from, to }) => told.push(`${session}: ${from} -> ${to}`));
    bus.on("sessionClosed", (event) => told.push(event));
    const client = await hosted.connect("/probe", { remoteAddress: "192.0.2.7" });
    client.hello(probeGame);
    await hosted.ticks(1);
    end(hosted, client);
    await hosted.ticks(2);
    return told;
  }
  const joined = ["1: greeting -> admitting", "1: admitting -> joining", "1: joining -> joined"];

  test("of each state and of the end, by the code's own name", async () => {
    expect(await story((_hosted, client) => client.leave())).toEqual([
      ...joined,
      "1: joined -> gone",
      {
        session: 1,
        address: "192.0.2.7",
        path: "/probe",
        openMs: 100,
        code: 4500,
        name: "left",
        during: "gone",
      },
    ]);
  });

  test("of a lost connection with the state it was in", async () => {
    expect(await story((_hosted, client) => client.socket.cut())).toEqual([
      ...joined,
      "1: joined -> gone",
      {
        session: 1,
        address: "192.0.2.7",
        path: "/probe",
        openMs: 50,
        code: 1006,
        name: "abnormal",
        during: "joined",
      },
    ]);
  });

  test("a peer's own words are no name: metrics would grow by them", async () => {
    const told = await story((_hosted, client) =>
      client.socket.close(4999, `${"x".repeat(50)} bobby tables`),
    );
    expect(told.at(-1)).toMatchObject({ code: 4999, name: "unknown" });
  });
});
