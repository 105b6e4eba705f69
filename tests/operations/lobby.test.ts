import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Game } from "../../shared/definition/game.ts";
import { Clustered } from "../server-kit/clustered.ts";
import { duel, duelRoom, lobby, lobbyNews, lobbyRoom } from "./lobby.ts";

const duelGame = duel as unknown as Game;
const lobbyGame = lobby as unknown as Game;

test("[NOD-53] a lobby shows the rooms of all servers as they are, forgets those that are gone, and tells announcements", async () => {
  const cluster = new Clustered();
  const [one, two] = [
    await cluster.start("n1", [duelRoom, lobbyRoom]),
    await cluster.start("n2", [duelRoom, lobbyRoom]),
  ];
  const visitor = await two.join("/lobby", lobbyGame);
  const lobbyCore = two.room("n2-r2");
  const shown = () =>
    [...(lobbyCore.facade.state as unknown as { rooms: Iterable<Record<string, unknown>> }).rooms].map(
      ({ room, players, is }) => `${room} ${players} ${is}`,
    );
  const ada = await one.join("/duel", duelGame);
  const here = await two.join("/duel", duelGame);
  await two.run(2_200);
  expect(shown().sort()).toEqual(["n1-r2 1 open", "n2-r3 1 open"]);
  await one.join("/duel", duelGame);
  await two.run(2_200);
  expect(shown()).toContain("n1-r2 2 playing");
  here.leave();
  await two.run(200);
  expect(shown()).toEqual(["n1-r2 2 playing"]);
  // A server that dies says nothing.
  one.clusterBus.cut();
  await two.run(5_200);
  expect([shown(), ada.ended]).toEqual([[], undefined]);
  two.server.events.publish(lobbyNews, "announcement", { text: "Back in a minute" });
  await two.run(200);
  expect(visitor.events.at(-1)?.values).toEqual(["Back in a minute"]);
  await one.stop();
  await two.stop();
});

test("[NOD-53] the code in the documentation is the one that runs here", () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
  expect(read("../../docs/cluster.md")).toContain(`\`\`\`ts\n${read("./lobby.ts")}\`\`\``);
});
