import type { ClientRoom } from "tickcast/client";
import { expectState, type TestClient, TestServer } from "tickcast/testing";
import { expect, test } from "vitest";
import { type ArenaSpec, arena, GRACE_SECONDS, type Ship, ticks } from "./arena.ts";
import { bot } from "./bot.ts";
import { fall, GHOST_TICKS, RESPAWN_TICKS } from "./combat.ts";
import { PAUSE_TICKS, ROUND_TICKS } from "./match.ts";
import { PADS } from "./pickups.ts";
import { arenaRoom } from "./room.ts";
import { isClear, SHIP_RADIUS } from "./world.ts";

async function withServer(play: (server: TestServer) => Promise<void>, seed = 1): Promise<void> {
  const server = await TestServer.start({ rooms: [arenaRoom], seed });
  await play(server);
  await server.stop();
}

type Notice = { readonly kind: string; readonly name: string };

function noticesOf(room: ClientRoom<ArenaSpec>): Notice[] {
  const notices: Notice[] = [];
  room.on("notice", ({ kind, name }) => notices.push({ kind, name }));
  return notices;
}

test("[ARE-1] a player joins whole, near the action, and sees the pickups around", () =>
  withServer(async (server) => {
    const { room } = await server.connect(arena, "/arena", { name: " Ada ", colour: 3 });
    expect(room.me).toMatchObject({ name: "Ada", colour: 3, bot: false, hp: 100, life: "ghost" });
    expect(isClear(room.me?.x ?? 0, room.me?.y ?? 0, SHIP_RADIUS - 0.1)).toBe(true);
    const seen = PADS.filter((pad) => [...room.state.pickups].some(({ x, y }) => x === pad.x && y === pad.y));
    expect(room.state.pickups.size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(0);
    expect(room.state.match).toMatchObject({ phase: "live", round: 1 });
  }));

test("[ARE-20] names stay unique, whoever joins or renames, and a name is not changed twice in a moment", () =>
  withServer(async (server) => {
    const first = await server.connect(arena, "/arena", { name: "Ada" });
    const second = await server.connect(arena, "/arena", { name: "ada" });
    expect(second.room.me?.name).toBe("ada 2");

    expect(await second.request("rename", { name: "ADA" })).toEqual({ ok: false, error: "taken" });
    const renamed = await second.request("rename", { name: "Grace" });
    expect(renamed).toEqual({ ok: true, value: { name: "Grace" } });
    expect(await second.request("rename", { name: "Linus" })).toEqual({ ok: false, error: "too-soon" });
    expect([first, second].map(({ room }) => room.me?.name)).toEqual(["Ada", "Grace"]);

    // Who leaves gives the name free, and the one that was changed is free, too.
    await second.leave();
    const third = await server.connect(arena, "/arena", { name: "Grace" });
    const fourth = await server.connect(arena, "/arena", { name: "Ada 2" });
    expect([third, fourth].map(({ room }) => room.me?.name)).toEqual(["Grace", "Ada 2"]);
  }));

test("[ARE-23] what is said reaches everybody; said too fast, only the speaker hears that it was not", () =>
  withServer(async (server) => {
    const { room: ada } = await server.connect(arena, "/arena", { name: "Ada" });
    const { room: grace } = await server.connect(arena, "/arena", { name: "Grace" });
    const heard: string[] = [];
    grace.on("chat", ({ name, text }) => heard.push(`${name}: ${text}`));
    const toAda = noticesOf(ada);
    const toGrace = noticesOf(grace);
    ada.send("chat", { text: " hello " });
    ada.send("chat", { text: "hello?" });
    await server.room(arena).ticks(4);
    expect(heard).toEqual(["Ada: hello"]);
    expect(toAda.map(({ kind }) => kind)).toContain("chat-too-fast");
    expect(toGrace.map(({ kind }) => kind)).not.toContain("chat-too-fast");
  }));

test("[ARE-24] people are announced when they come and go, bots are not", () =>
  withServer(async (server) => {
    const { room: ada } = await server.connect(arena, "/arena", { name: "Ada" });
    const notices = noticesOf(ada);
    const { room: robot } = await server.connect(arena, "/arena", { name: "R2", bot: true });
    const { room: grace } = await server.connect(arena, "/arena", { name: "Grace" });
    await server.until(Promise.all([robot.leave(), grace.leave()]));
    await server.room(arena).ticks(2);
    expect(notices).toEqual([
      { kind: "joined", name: "Grace" },
      { kind: "left", name: "Grace" },
    ]);
  }));

test("[ARE-11] a ghost that shoots is one no longer", () =>
  withServer(async (server) => {
    const ada = await server.connect(arena, "/arena", { name: "Ada" });
    ada.room.input({ fire: true, aim: 1 });
    await ada.ticks(5);
    expectState(ada, { players: [{ life: "alive" }] });
    expect(ada.state.bullets.size).toBeGreaterThan(0);
    for (const bullet of ada.state.bullets) expect(bullet.by?.name).toBe("Ada");
  }));

test("[ARE-17] after its time a round is over, guns are silent, and the next begins", () =>
  withServer(async (server) => {
    const ada = await server.connect(arena, "/arena", { name: "Ada" });
    ada.room.input({ fire: true });
    const notices = noticesOf(ada.room);
    await ada.ticks(ROUND_TICKS);
    expectState(ada, { match: { phase: "over", winner: "" } });
    await ada.ticks(40);
    expectState(ada, { bullets: [] });
    await ada.ticks(PAUSE_TICKS);
    expectState(ada, { match: { phase: "live", round: 2 } });
    expect(ada.state.bullets.size).toBeGreaterThan(0);
    expect(notices.map(({ kind }) => kind)).toEqual(["round-over", "round-started"]);
  }));

/** Ada's connection breaks, and she cannot connect; Grace sees her ship. */
async function withAdaAway(
  play: (
    server: TestServer,
    grace: TestClient<ArenaSpec>,
    ada: TestClient<ArenaSpec>,
    seen: () => Readonly<Ship> | undefined,
  ) => Promise<void>,
): Promise<void> {
  await withServer(async (server) => {
    const grace = await server.connect(arena, "/arena", { name: "Grace" });
    const ada = await server.connect(arena, "/arena", { name: "Ada" });
    await ada.ticks(GHOST_TICKS);
    ada.room.input({ move: 1, fire: true });
    await ada.ticks(10);
    ada.network.goOffline();
    ada.room.input({ move: undefined, fire: false });
    const id = ada.room.me?.id ?? 0;
    await play(server, grace, ada, () => grace.state.players.get(id));
  });
}

/** The room's own row, to bring about what would take long to play. */
function rowOf(server: TestServer, client: TestClient<ArenaSpec>): Ship {
  return server.room(arena).player(client).row;
}

test("[ARE-33] the ship of one who is away stands still, does not shoot, is not shot, and is flown on by who returns", () =>
  withAdaAway(async (server, grace, ada, seen) => {
    await grace.ticks(5);
    const left = { ...seen() } as Ship;
    expect(left).toMatchObject({ name: "Ada", life: "away", hp: 100 });
    expect(grace.state.match.players).toBe(2);

    // Grace shoots right at it, from where a bullet of hers strikes whoever flies.
    const target = rowOf(server, ada);
    Object.assign(rowOf(server, grace), { x: target.x - 80, y: target.y });
    grace.room.input({ aim: 0, fire: true });
    await grace.ticks(40);
    expect([...grace.state.bullets].some(({ by }) => by?.name === "Grace")).toBe(true);
    expect({ ...seen() }).toEqual(left);

    ada.network.goOnline();
    await ada.returned();
    await ada.ticks(2);
    expect(ada.room.me).toMatchObject({ name: "Ada", life: "ghost", x: left.x, y: left.y, hp: 100 });
    // Untouchable for a moment, which has an end.
    await ada.ticks(GHOST_TICKS - 10);
    expect(ada.room.me?.hp).toBe(100);
    await ada.ticks(40);
    expect(ada.room.me?.hp).toBeLessThan(100);
  }));

test("[ARE-33] a new round does not bring back who is away, and after the grace period they leave", () =>
  withAdaAway(async (server, grace, _ada, seen) => {
    const notices = noticesOf(grace.room);
    await grace.ticks(5);
    server.room(arena).state.match.endsAt = grace.room.tick;
    await grace.ticks(PAUSE_TICKS + 5);
    expectState(grace, { match: { round: 2 } });
    expect(seen()?.life).toBe("away");
    await grace.ticks(ticks(GRACE_SECONDS));
    expect(seen()).toBeUndefined();
    expect(notices).toContainEqual({ kind: "left", name: "Ada" });
  }));

test("[ARE-33] the dead wait for their pilot, however long that takes", () =>
  withAdaAway(async (server, _grace, ada) => {
    const row = rowOf(server, ada);
    fall(row, server.room(arena).tick);
    await server.room(arena).ticks(RESPAWN_TICKS * 2);
    expect(row.life).toBe("dead");
    ada.network.goOnline();
    await ada.returned();
    await ada.ticks(2);
    expect(ada.room.me?.life).toBe("ghost");
  }));

const BOTS = 16;

/** Lets bots play, looks at the whole game every second, and returns what it came to. */
async function playWithBots(seed: number, seconds: number): Promise<unknown> {
  let outcome: unknown;
  await withServer(async (server) => {
    const bots = await server.bots<ArenaSpec>(bot, { count: BOTS });
    const rooms = bots.map(({ room }) => room);
    const [view] = rooms;
    if (view === undefined) return;
    for (let second = 0; second < seconds; second++) {
      await server.run(1_000);
      const ships = rooms.map(({ me }) => me).filter((me) => me !== undefined);
      expect(ships).toHaveLength(BOTS);
      for (const ship of ships) {
        // Positions travel rounded to 0.1.
        if (ship.life !== "dead") expect(isClear(ship.x, ship.y, SHIP_RADIUS - 0.1)).toBe(true);
        expect(ship.hp === 0).toBe(ship.life === "dead");
      }
      const sum = (field: "score" | "deaths") => ships.reduce((all, ship) => all + ship[field], 0);
      expect(sum("score")).toBe(sum("deaths"));
      expect(view.state.bullets.size).toBeLessThan(BOTS * 12);
    }
    outcome = rooms.map(({ me }) => [me?.name, me?.x, me?.y, me?.hp, me?.score, me?.deaths]);
  }, seed);
  return outcome;
}

test("[ARE-25] bots play a game that holds its rules: kills are deaths, nobody is in a wall, the dead have no hull", async () => {
  const outcome = await playWithBots(7, 40);
  const kills = (outcome as readonly (readonly [string, number, number, number, number, number])[]).map(
    (row) => row[4],
  );
  expect(kills.reduce((sum, score) => sum + score, 0)).toBeGreaterThan(3);
});

test("[ARE-16] equal seeds give equal games", async () => {
  const [first, again, other] = [
    await playWithBots(5, 8),
    await playWithBots(5, 8),
    await playWithBots(6, 8),
  ];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});
