import { expect, test } from "vitest";
import { makeLog } from "../server/log/make-log.ts";
import { serverLog } from "../server/log/server-log.ts";
import { Metrics } from "../server/metrics/metrics.ts";
import { noTraffic } from "../server/metrics/traffic.ts";
import { Clustered } from "./server-kit/clustered.ts";
import { NOTHING_LEFT } from "./server-kit/hosted.ts";
import { probeGame, probeRoom } from "./server-kit/probe-game.ts";

test("[NOD-5] players who come are seats of a record, and a room that they leave goes from the directory", async () => {
  const cluster = new Clustered();
  const hosted = await cluster.start("n1", [probeRoom]);
  const ada = await hosted.join("/probe", probeGame, { name: "ada" });
  await hosted.run(200);
  const id = hosted.room().name.id;
  expect(await cluster.record(id)).toMatchObject({ seats: 1, state: "open", build: probeGame.hash });
  ada.leave();
  await hosted.run(60_000);
  expect([hosted.roomIds, await cluster.record(id)]).toEqual([[], undefined]);
  expect(await hosted.stop()).toEqual(NOTHING_LEFT);
});

test("[NOD-10] a node is ready as long as it is a member, and /health says how it stands", async () => {
  const cluster = new Clustered();
  const hosted = await cluster.start("n1", [probeRoom]);
  const ask = async (path: string) => {
    const answer = await hosted.request(path);
    return [answer.status, await answer.json()];
  };
  const cluster1 = { node: "n1", epoch: expect.any(Number), state: "member", directory: "available" };
  expect(await ask("/ready")).toEqual([200, { status: "ok", cluster: cluster1 }]);
  expect(await ask("/health")).toMatchObject([200, { status: "ok", cluster: cluster1 }]);
  const heal = hosted.directory.cut("silent");
  await hosted.run(2_500);
  const cutOff = { ...cluster1, state: "cut-off", directory: "unavailable" };
  expect(await ask("/ready")).toEqual([503, { status: "ok", cluster: cutOff }]);
  expect(await ask("/health")).toMatchObject([200, { cluster: cutOff }]);
  heal();
  await hosted.run(1_000);
  expect(await ask("/ready")).toMatchObject([200, {}]);
  await hosted.join("/probe", probeGame, { name: "ada" });
  const drained = hosted.server.drain(3_000);
  await hosted.run(1);
  expect(await ask("/ready")).toMatchObject([503, { status: "draining" }]);
  await hosted.run(5_000);
  await drained;
  expect(cluster.clock.pending).toBe(0);
});

test("[NOD-10] log and metrics tell of leases that are lost, and of the directory", async () => {
  const cluster = new Clustered();
  const lines: string[] = [];
  const out = { write: (line: string) => void lines.push(line) };
  const hosted = await cluster.start("n1", [probeRoom]);
  const { bus } = hosted.server;
  const metrics = new Metrics(bus, noTraffic());
  serverLog(bus, makeLog({ level: "info", format: "json", out: out as never }));
  const heal = hosted.directory.cut("refused");
  await hosted.run(2_500);
  heal();
  await hosted.run(1_000);
  const told = lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
  expect(told).toEqual([
    "the directory does not answer",
    "the lease is about to end: rooms stand still until there is another",
    "the node's lease is over: others may claim its rooms",
    "the directory answers",
    "the node is a member of its cluster",
    "rooms go on",
  ]);
  const text = await metrics.text();
  expect(text).toContain('tickcast_node_state{state="member"} 1');
  expect(text).toContain('tickcast_node_state{state="cut-off"} 0');
  expect(text).toContain('tickcast_node_cut_off_total{why="directory-unavailable"} 1');
  expect(text).toContain("tickcast_directory_unavailable_total 1");
  metrics.release();
  await hosted.stop();
});
