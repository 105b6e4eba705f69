import { describe, expect, test } from "vitest";
import type { LogFormat } from "./log.ts";
import { makeLog } from "./make-log.ts";
import { prettyLine } from "./pretty-line.ts";

function written(format: LogFormat, isTTY: boolean, say: (log: ReturnType<typeof makeLog>) => void): string {
  let text = "";
  const write = (more: string): void => {
    text += more;
  };
  say(makeLog({ level: "info", format, out: { isTTY, write } }));
  return text;
}

test("[OPS-12] tokens and tickets are replaced, in JSON and for people", () => {
  const secrets = {
    token: "t0p",
    ticket: "t1p",
    request: { authorization: "Bearer t2p", metricsToken: "t3p" },
    settings: { ticketSecrets: ["t4p", "t5p"], adminToken: "t6p" },
    content: { presented: "t7p" },
  };
  for (const format of ["json", "pretty"] as const) {
    const text = written(format, false, (log) => log.info(secrets, "asked"));
    expect(text).toContain("[redacted]");
    expect(text).not.toMatch(/t\dp/);
  }
});

describe("[OPS-13] the log is JSON, and at a terminal for people", () => {
  test("by where it goes, unless it is told", () => {
    const say = (log: ReturnType<typeof makeLog>) => log.info({ port: 1 }, "listening");
    const isJson = (text: string) => text.startsWith("{");
    expect(isJson(written("auto", false, say))).toBe(true);
    expect(isJson(written("auto", true, say))).toBe(false);
    expect(isJson(written("json", true, say))).toBe(true);
    expect(isJson(written("pretty", false, say))).toBe(false);
  });

  test("a line for people: time, level, message, fields, then the stack of an error", () => {
    const time = new Date(2026, 0, 2, 3, 4, 5).getTime();
    const line = { level: 40, time, msg: "slipped", room: "r1", skippedMs: 150, value: "a b" };
    expect(prettyLine(line, "off")).toBe('03:04:05 WARN  slipped room=r1 skippedMs=150 value="a b"\n');
    const err = { stack: "Error: boom\n  at x" };
    expect(prettyLine({ level: 50, time, msg: "failed", err }, "off")).toBe(
      "03:04:05 ERROR failed\n    Error: boom\n      at x\n",
    );
    expect(prettyLine({ level: 30, time, msg: "on" }, "on")).toBe("03:04:05 \u001b[32mINFO \u001b[0m on\n");
  });

  test("what a peer named cannot move the cursor of a terminal", () => {
    const line = prettyLine({ level: 30, time: 0, msg: "closed", path: "/\u001b[2J\nforged" }, "off");
    expect(line).toContain('path="/\\u001b[2J\\nforged"');
    expect(line.split("\n")).toHaveLength(2);
  });
});
