import { expect, test } from "vitest";
import { defineRoom } from "../server/index.ts";
import { angle, defineGame, fixed, held, pressed, ref, table, text, u8, visibleTo } from "../shared/game.ts";
import { TestServer } from "./kit/index.ts";

const field = defineGame({
  name: "field",
  tickRate: 20,
  state: {
    players: table(
      { x: fixed(0, 100, 0.1), shots: u8, secret: visibleTo("owner", text(8)) },
      { owner: "player" },
    ),
    shots: table({ by: ref("players") }),
  },
  input: { walk: held(angle(), "optional"), fire: pressed() },
  events: { fired: { by: ref("players") } },
});

const fieldRoom = defineRoom(field, {
  graceMs: 0,
  join(_room, player) {
    player.row.secret = `s${player.id}`;
  },
  tick(room, dt) {
    for (const player of room.players) {
      player.row.x += 0.9 * dt;
      if (!player.input.fire) continue;
      player.row.shots += 1;
      room.state.shots.add({ by: player.row });
      room.broadcast("fired", { by: player.row });
    }
  },
});

test("a row that moves 0.9 units a second at 20 Hz, in steps of 0.1, moves on every client", async () => {
  const server = await TestServer.start({ rooms: [fieldRoom] });
  const ada = await server.connect(field, "/field");
  const { room } = ada;
  const from = room.me?.x ?? Number.NaN;
  await ada.ticks(200);
  expect(room.statistics.resyncs).toBe(0);
  expect(room.me?.x).toBeCloseTo(from + 9, 1);
  await server.stop();
});

test("a press between two samples fires once, and the event names the row", async () => {
  const server = await TestServer.start({ rooms: [fieldRoom] });
  const ada = await server.connect(field, "/field");
  const { room } = ada;
  const fired: (number | undefined)[] = [];
  room.on("fired", ({ by }) => fired.push(by?.id));
  room.input({ fire: true });
  room.input({ fire: true });
  await ada.ticks(20);
  expect(room.me?.shots).toBe(1);
  expect(fired).toEqual([room.me?.id]);
  await server.stop();
});

test("mirrors equal the committed state, but for what only others may see", async () => {
  const server = await TestServer.start({ rooms: [fieldRoom] });
  const ada = await server.connect(field, "/field");
  const bob = await server.connect(field, "/field");
  await ada.ticks(3);
  expect(ada.room.me?.secret).toBe("s1");
  expect(bob.room.me?.secret).toBe("s2");
  expect(bob.room.state.players.get(ada.room.me?.id ?? 0)?.secret).toBeUndefined();
  expect(ada.room.state.players.size).toBe(2);
  await server.stop();
});

test("a connection that is cut frees the seat, and its row goes for everyone", async () => {
  const server = await TestServer.start({ rooms: [fieldRoom] });
  const ada = await server.connect(field, "/field");
  const bob = await server.connect(field, "/field");
  const removed: number[] = [];
  bob.room.state.players.onRemove((row) => removed.push(row.id));
  const adasRow = ada.room.me?.id;
  ada.network.cut();
  await bob.ticks(3);
  expect(removed).toEqual([adasRow]);
  // There is no seat to return to.
  await bob.ticks(40);
  expect(ada.room.connection).toMatchObject({ state: "closed", close: { name: "bad-token" } });
  await server.stop();
});
