import { afterEach, beforeEach, expect, test } from "vitest";
import { joined, RealCluster, until } from "./cluster-kit.ts";

let cluster: RealCluster;
// One each: rooms outlive their servers, and would be there in the next test.
beforeEach(async () => {
  cluster = await RealCluster.start();
});
afterEach(() => cluster.close());

const makeRoom = async (at: URL): Promise<string> => {
  const made = await fetch(new URL("/rooms", at), { method: "POST", body: '{ "game": "counter" }' });
  return ((await made.json()) as { id: string }).id;
};
const known = (id: string) =>
  until("the room is known", async () => (await cluster.rooms()).find((room) => room.id === id));

test("[NOD-1] two servers are nodes of one cluster, rooms are known, and one that stops leaves its own to the other", async () => {
  const one = await cluster.server("--node-id", "one");
  const two = await cluster.server("--node-id", "two", "--public-url", "wss://two.example.com");
  expect(await cluster.nodes()).toMatchObject([
    { id: "one", url: one.url.href.replace("http", "ws").replace(/\/$/, "") },
    { id: "two", url: "wss://two.example.com" },
  ]);
  expect((await fetch(new URL("/ready", two.url))).status).toBe(200);
  const id = await makeRoom(two.url);
  expect(await known(id)).toMatchObject({ id, owner: { node: "two" }, state: "open" });
  two.child.kill("SIGTERM");
  expect(await two.exited).toBe(0);
  expect((await cluster.nodes()).map((node) => node.id)).toEqual(["one"]);
  await until("the other has it", async () => (await known(id)).owner.node === "one" || undefined);
});

test("[NOD-2] a Redis that comes back empty learns nodes and rooms again", async () => {
  const one = await cluster.server("--node-id", "one");
  const id = await makeRoom(one.url);
  const before = await known(id);
  await cluster.redis.restart();
  const after = await known(id);
  expect(after.state).toBe("open");
  expect(after.epoch).toBeGreaterThan(before.epoch);
  expect((await fetch(new URL("/ready", one.url))).status).toBe(200);
});

test("[NOD-12] players who ask one node are let in by another, in the room that is there", async () => {
  const one = await cluster.server("--node-id", "one");
  const two = await cluster.server("--node-id", "two");
  const id = await makeRoom(two.url);
  await known(id);
  const room = await joined(one.url);
  expect(room.id).toBe(id);
  expect((await (await fetch(new URL("/health", two.url))).json()) as object).toMatchObject({ players: 1 });
  const named = await joined(one.url, id);
  expect(named.id).toBe(id);
  const listed = (await (await fetch(new URL("/rooms?game=counter", one.url))).json()) as {
    rooms: unknown[];
  };
  expect(listed.rooms).toMatchObject([{ id, url: `${two.url.href.replace("http", "ws")}counter/${id}` }]);
  await Promise.all([room.leave(), named.leave()]);
});

test("[NOD-11] where nothing answers, and where players are not told where to go, there is a sentence and no password", async () => {
  const nowhere = cluster.server("--redis", "redis://:s3cret@127.0.0.1:1");
  await expect(nowhere).rejects.toThrow("No directory at redis://127.0.0.1:1: ");
  await expect(nowhere).rejects.not.toThrow("s3cret");
  await expect(cluster.server("--host", "0.0.0.0")).rejects.toThrow("name --public-url");
});
