import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { addBenchCommand } from "../command.ts";
import { hasFailed } from "./carry-out.ts";

const missed = { says: "soon", atMost: 1, measured: 2, met: false };
const met = { ...missed, measured: 1, met: true };

describe("the exit code of a benchmark", () => {
  test("[BEN-124] a missed target is a failure only where that is asked for", () => {
    expect(hasFailed({ failures: ["a tick slipped"] }, "told")).toBe(true);
    expect(hasFailed({ failures: [], targets: [met, missed] }, "told")).toBe(false);
    expect(hasFailed({ failures: [], targets: [met, missed] }, "failures")).toBe(true);
    expect(hasFailed({ failures: [], targets: [met] }, "failures")).toBe(false);
    expect(hasFailed({ failures: [] }, "failures")).toBe(false);
  });

  test("[BEN-124] every scenario that has targets can be asked, and says so in its help", () => {
    const program = new Command();
    addBenchCommand(program);
    const able = program.commands[0]?.commands
      .filter((command) => command.helpInformation().includes("--fail-on-targets"))
      .map((command) => command.name());
    const scenarios = ["fanout", "crowd", "rooms", "echo", "slow-readers", "reconnect-storm", "join-storm"];
    expect(able).toEqual(scenarios);
  });
});
