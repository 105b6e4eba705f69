import type { ClientRoom } from "tickcast/client";
import { TestServer } from "tickcast/testing";
import { expect, test } from "vitest";
import { type ArenaSpec, arena, GRACE_SECONDS, type Ship, ticks } from "./arena.ts";
import { bot } from "./bot.ts";
import { fall, GHOST_TICKS, RESPAWN_TICKS } from "./combat.ts";
import { PAUSE_TICKS, ROUND_TICKS } from "./match.ts";
import { PADS } from "./pickups.ts";
import { arenaRoom } from "./room.ts";
import { seededSelf } from "./ship.fixture.ts";
import { isClear, SHIP_RADIUS } from "./world.ts";

async function withServer(play: (server: TestServer) => Promise<void>, seed = 1): Promise<void> {
  const server = await TestServer.start({ rooms: [arenaRoom], seed });
  await play(server);
  expect(server.errors).toEqual([]);
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
    const { room: first } = await server.connect(arena, "/arena", { name: "Ada" });
    const { room: second } = await server.connect(arena, "/arena", { name: "ada" });
    expect(second.me?.name).toBe("ada 2");

    const answers: unknown[] = [];
    const rename = async (name: string): Promise<void> => {
      const asked = second.request("rename", { name }).then((answer) => answers.push(answer));
      await server.ticks(second, 4);
      await asked;
    };
    await rename("ADA");
    await rename("Grace");
    await rename("Linus");
    expect(answers).toEqual([
      { ok: false, error: "taken" },
      { ok: true, value: { name: "Grace" } },
      { ok: false, error: "too-soon" },
    ]);
    expect([first, second].map((room) => room.me?.name)).toEqual(["Ada", "Grace"]);

    // Who leaves gives the name free, and the one that was changed is free, too.
    const leaving = second.leave();
    await server.ticks(first, 4);
    await leaving;
    const { room: third } = await server.connect(arena, "/arena", { name: "Grace" });
    const { room: fourth } = await server.connect(arena, "/arena", { name: "Ada 2" });
    expect([third, fourth].map((room) => room.me?.name)).toEqual(["Grace", "Ada 2"]);
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
    await server.ticks(ada, 4);
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
    const leaving = [robot.leave(), grace.leave()];
    await server.ticks(ada, 5);
    await Promise.all(leaving);
    expect(notices).toEqual([
      { kind: "joined", name: "Grace" },
      { kind: "left", name: "Grace" },
    ]);
  }));

test("[ARE-11] a ghost that shoots is one no longer", () =>
  withServer(async (server) => {
    const { room } = await server.connect(arena, "/arena", { name: "Ada" });
    room.input({ fire: true, aim: 1 });
    await server.ticks(room, 5);
    expect(room.me?.life).toBe("alive");
    expect(room.state.bullets.size).toBeGreaterThan(0);
    for (const bullet of room.state.bullets) expect(bullet.by?.name).toBe("Ada");
  }));

test("[ARE-17] after its time a round is over, guns are silent, and the next begins", () =>
  withServer(async (server) => {
    const { room } = await server.connect(arena, "/arena", { name: "Ada" });
    room.input({ fire: true });
    const notices = noticesOf(room);
    await server.ticks(room, ROUND_TICKS);
    expect(room.state.match).toMatchObject({ phase: "over", winner: "" });
    await server.ticks(room, 40);
    expect(room.state.bullets.size).toBe(0);
    await server.ticks(room, PAUSE_TICKS);
    expect(room.state.match).toMatchObject({ phase: "live", round: 2 });
    expect(room.state.bullets.size).toBeGreaterThan(0);
    expect(notices.map(({ kind }) => kind)).toEqual(["round-over", "round-started"]);
  }));

/** Ada's connection breaks and nobody can connect; Grace sees her ship. */
async function withAdaAway(
  play: (
    server: TestServer,
    grace: ClientRoom<ArenaSpec>,
    ada: ClientRoom<ArenaSpec>,
    seen: () => Readonly<Ship> | undefined,
  ) => Promise<void>,
): Promise<void> {
  await withServer(async (server) => {
    const { room: grace } = await server.connect(arena, "/arena", { name: "Grace" });
    const { room: ada, link } = await server.connect(arena, "/arena", { name: "Ada" });
    await server.ticks(ada, GHOST_TICKS);
    ada.input({ move: 1, fire: true });
    await server.ticks(ada, 10);
    server.reach("out-of-reach");
    link.cut();
    ada.input({ move: undefined, fire: false });
    const id = ada.me?.id ?? 0;
    await play(server, grace, ada, () => grace.state.players.get(id));
  });
}

/** The room's own rows, to bring about what would take long to play. */
function stateOf(server: TestServer, room: ClientRoom<ArenaSpec>) {
  return server.roomOf(room).facade.state as unknown as {
    players: Iterable<Ship>;
    match: { endsAt: number };
  };
}

function rowOf(server: TestServer, room: ClientRoom<ArenaSpec>, name: string): Ship {
  for (const row of stateOf(server, room).players) if (row.name === name) return row;
  throw new Error(`nobody is called ${name}`);
}

test("[ARE-33] the ship of one who is away stands still, does not shoot, is not shot, and is flown on by who returns", () =>
  withAdaAway(async (server, grace, ada, seen) => {
    await server.ticks(grace, 5);
    const left = { ...seen() } as Ship;
    expect(left).toMatchObject({ name: "Ada", life: "away", hp: 100 });
    expect(grace.state.match.players).toBe(2);

    // Grace shoots right at it, from where a bullet of hers strikes whoever flies.
    const target = rowOf(server, grace, "Ada");
    Object.assign(rowOf(server, grace, "Grace"), { x: target.x - 80, y: target.y });
    grace.input({ aim: 0, fire: true });
    await server.ticks(grace, 40);
    expect([...grace.state.bullets].some(({ by }) => by?.name === "Grace")).toBe(true);
    expect({ ...seen() }).toEqual(left);

    server.reach("in-reach");
    while (ada.connection.state !== "joined") await server.ticks(grace, 1);
    await server.ticks(grace, 2);
    expect(ada.me).toMatchObject({ name: "Ada", life: "ghost", x: left.x, y: left.y, hp: 100 });
    // Untouchable for a moment, which has an end.
    await server.ticks(grace, GHOST_TICKS - 10);
    expect(ada.me?.hp).toBe(100);
    await server.ticks(grace, 40);
    expect(ada.me?.hp).toBeLessThan(100);
  }));

test("[ARE-33] a new round does not bring back who is away, and after the grace period they leave", () =>
  withAdaAway(async (server, grace, _ada, seen) => {
    const notices = noticesOf(grace);
    await server.ticks(grace, 5);
    stateOf(server, grace).match.endsAt = grace.tick;
    await server.ticks(grace, PAUSE_TICKS + 5);
    expect(grace.state.match.round).toBe(2);
    expect(seen()?.life).toBe("away");
    await server.ticks(grace, ticks(GRACE_SECONDS));
    expect(seen()).toBeUndefined();
    expect(notices).toContainEqual({ kind: "left", name: "Ada" });
  }));

test("[ARE-33] the dead wait for their pilot, however long that takes", () =>
  withAdaAway(async (server, grace, ada) => {
    const row = rowOf(server, grace, "Ada");
    fall(row, grace.tick);
    await server.ticks(grace, RESPAWN_TICKS * 2);
    expect(row.life).toBe("dead");
    server.reach("in-reach");
    while (ada.connection.state !== "joined") await server.ticks(grace, 1);
    await server.ticks(grace, 2);
    expect(ada.me?.life).toBe("ghost");
  }));

const BOTS = 16;

/** Lets bots play, looks at the whole game every second, and returns what it came to. */
async function playWithBots(seed: number, seconds: number): Promise<unknown> {
  let outcome: unknown;
  await withServer(async (server) => {
    const rooms: ClientRoom<ArenaSpec>[] = [];
    for (let index = 0; index < BOTS; index++) {
      const self = seededSelf(index);
      const join = bot.behaviour.join(self) as { name: string; colour: number; bot: boolean };
      const { room } = await server.connect(arena, "/arena", join);
      const memory = bot.behaviour.memory?.(self);
      const mind = { index, memory, random: () => self.random() };
      room.onTick(() => bot.behaviour.tick?.(room as unknown as ClientRoom, mind));
      rooms.push(room);
    }
    const [view] = rooms;
    if (view === undefined) return;
    for (let second = 0; second < seconds; second++) {
      await server.ticks(view, arena.spec.tickRate);
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
