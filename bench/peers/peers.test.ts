import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidArgumentError } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { peersNamed, withPeers } from "./against-option.ts";
import { expectInstalled, isInstalled } from "./installed.ts";
import { peerNames, peersFor } from "./peers.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tickcast-peers-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("peers", () => {
  test("[BEN-55] one that is not installed is a sentence with the command, before anything is measured", async () => {
    const entry = pathToFileURL(join(folder, "server.js"));
    const peer = { title: "Somebody's", folder: "somebody", entry };
    expect(() => expectInstalled([peer])).toThrow("from a clone of the repository only");
    await writeFile(entry, "");
    expect(() => expectInstalled([peer])).toThrow(
      'Somebody\'s is not installed: run "npm run bench:peers somebody"',
    );
    await mkdir(join(folder, "node_modules"));
    expect(isInstalled(peer)).toBe(true);
    expectInstalled([peer]);
  });

  test("[BEN-56] only those that can play a scenario are measured in it", () => {
    expect(peersNamed("all", peersFor("crowd"))).toEqual(["colyseus-uws-views"]);
    expect(() => peersNamed("ws", peersFor("crowd"))).toThrow('There is no peer "ws"');
    expect(() => peersNamed("colyseus-uws-views", peersFor("fanout"))).toThrow(InvalidArgumentError);
  });

  test("[BEN-56] those that are named run between Tickcast and the bare server, each once", () => {
    const named = peersNamed("ws, socketio,ws", peerNames);
    expect(withPeers(["tickcast", "uws"], named)).toEqual(["tickcast", "ws", "socketio", "uws"]);
    expect(peersNamed("all", peerNames)).toEqual(peerNames);
    expect(() => peersNamed("ws,nobody", peerNames)).toThrow(InvalidArgumentError);
    expect(() => peersNamed("ws,nobody", peerNames)).toThrow(
      'There is no peer "nobody"; there is ws, socketio,',
    );
  });
});
