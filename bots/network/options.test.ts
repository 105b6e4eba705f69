import { Command } from "commander";
import { expect, test } from "vitest";
import { perfectNetwork } from "../../shared/link/network-conditions.ts";
import { target } from "./address-option.ts";
import { addConditionOptions, type ConditionOptions, conditionsOf } from "./condition-options.ts";
import { rateLine, totalLine } from "./proxy-report.ts";

function parsed(...flags: string[]) {
  const command = addConditionOptions(
    new Command("x").exitOverride().configureOutput({ writeErr: () => {} }),
  );
  return conditionsOf(command.parse(flags, { from: "user" }).opts<ConditionOptions>());
}

test("[CON-8] times have units, milliseconds where none is said, and rates count bytes", () => {
  expect(parsed()).toEqual(perfectNetwork);
  expect(parsed("--latency", "80", "--jitter", "0.02s", "--rate", "64k", "--cut-every", "30s")).toEqual({
    ...perfectNetwork,
    latencyMs: 80,
    jitterMs: 20,
    bytesPerSecond: 64_000,
    cutEveryMs: 30_000,
  });
  expect(parsed("--stall-every", "5s", "--stall-for", "400ms", "--rate", "1.5M")).toEqual({
    ...perfectNetwork,
    stallEveryMs: 5_000,
    stallForMs: 400,
    bytesPerSecond: 1_500_000,
  });
});

test.each([
  [["--latency", "-5"], "It is a time like 80ms or 5s; a number alone is ms."],
  [["--latency", "5m"], "It is a time like 80ms or 5s; a number alone is ms."],
  [["--latency", "90000s"], "It is a time like 80ms or 5s; a number alone is ms."],
  [["--rate", "0"], "It is a number of bytes a second, like 64k or 1.5M."],
  [["--cut-every", "0"], "It is a time above 0, like 400ms or 5s."],
  [["--stall-every", "5s"], "--stall-every and --stall-for go together"],
  [["--stall-for", "400ms"], "--stall-every and --stall-for go together"],
  [["--stall-every", "1s", "--stall-for", "1s"], "--stall-for is to be shorter than --stall-every"],
])("[CON-8] %j is answered by a sentence", (flags, sentence) => {
  expect(() => parsed(...flags)).toThrow(sentence);
});

test("[CON-8] an address is a host and a port, or a port of this machine", () => {
  expect(["127.0.0.1:3000", "3000", ":3000", "game.example.com:80", "[::1]:80"].map(target)).toEqual([
    { host: "127.0.0.1", port: 3000 },
    { host: "127.0.0.1", port: 3000 },
    { host: "127.0.0.1", port: 3000 },
    { host: "game.example.com", port: 80 },
    { host: "::1", port: 80 },
  ]);
  for (const wrong of ["", "host", "host:", "host:0", "host:70000", "ws://host:80", "host:80/arena"])
    expect(() => target(wrong)).toThrow("It is a host and a port, like 127.0.0.1:3000.");
});

test("[CON-10] a proxy's lines say rates by second and way, and in the end the sum", () => {
  const before = { connections: 0, accepted: 0, bytes: { up: 0, down: 0 } };
  const now = { connections: 1, accepted: 2, bytes: { up: 300, down: 2_400_000 } };
  expect(rateLine(before, now, 2)).toBe("1 connection, 150 B/s up, 1.2 MB/s down");
  expect(totalLine(now)).toBe("2 connections, 300 B up, 2.4 MB down");
});
