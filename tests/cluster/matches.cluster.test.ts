import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../client/node.ts";
import { type RunningServer, serve } from "../../server/serve.ts";
import { RedisServer } from "../kit/redis-server.ts";
import { duel, duelRoom, lobby, lobbyNews, lobbyRoom } from "../operations/lobby.ts";
import { until } from "./cluster-kit.ts";

let redis: RedisServer;
const servers: RunningServer[] = [];

beforeAll(async () => {
  redis = await RedisServer.start();
  for (const nodeId of ["one", "two"])
    servers.push(
      await serve({
        rooms: [duelRoom, lobbyRoom],
        port: 0,
        ticketSecrets: ["a secret of thirty-two bytes at least"],
        cluster: { directory: redis.path, nodeId },
      }),
    );
});

afterAll(async () => {
  for (const server of servers) await server.stop();
  await redis.close();
});

const at = (index: number, path: string): string => `${servers[index]?.url}${path}`;

test("[NOD-42] players who ask two servers fill one match after the other, and a lobby of each sees them all", async () => {
  const lobbies = await Promise.all(
    [0, 1].map((index) => connect(lobby, at(index, "/lobby").replace("http", "ws"))),
  );
  const players = await Promise.all(
    Array.from({ length: 5 }, (_, player) => connect(duel, at(player % 2, "/join/duel"))),
  );
  const sizes = new Map<string, number>();
  for (const { id } of players) sizes.set(id, (sizes.get(id) ?? 0) + 1);
  expect([...sizes.values()].sort()).toEqual([1, 2, 2]);
  for (const { state } of lobbies)
    await until("the lobby shows all matches as they are", async () => {
      const shown = [...state.rooms].map(
        ({ room, players: count, is }) => `${sizes.get(room)} ${count} ${is}`,
      );
      return shown.sort().join() === "1 1 open,2 2 playing,2 2 playing" ? true : undefined;
    });
  const heard: string[] = [];
  for (const room of lobbies) room.on("announcement", ({ text }) => heard.push(text));
  servers[0]?.events.publish(lobbyNews, "announcement", { text: "Welcome" });
  await until("both lobbies tell it", async () => (heard.length === 2 ? true : undefined));
  await Promise.all([...players, ...lobbies].map((room) => room.leave()));
});
