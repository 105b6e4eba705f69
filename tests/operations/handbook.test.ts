import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Bus } from "../../server/bus.ts";
import { allSettings } from "../../server/command/settings.ts";
import { Metrics } from "../../server/metrics/metrics.ts";
import { noTraffic } from "../../server/metrics/traffic.ts";
import { ticketFaults } from "../../server/tickets/ticket-faults.ts";
import { closeCodes, standardCloseCodes } from "../../shared/protocol/close-codes.ts";

const read = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), "utf8");
const handbook = read("operations.md");
/** Rows of its tables, without the spaces that align them. */
const rows = handbook.split("\n").map((line) => line.replace(/\s+/g, " "));
const hasRow = (...cells: readonly string[]) =>
  rows.some((row) => row.startsWith(`| ${cells.join(" | ")} |`));

test("[OPS-61] the handbook has every setting, with its flag, variable and default", () => {
  const missing = allSettings({}).filter(({ key, flags, env, default: fallback }) => {
    const flag = /--[a-z-]+/.exec(flags)?.[0];
    return !hasRow(
      `\`${key}\``,
      `\`${flag}\``,
      `\`${env}\``,
      fallback === undefined ? "–" : `\`${fallback}\``,
    );
  });
  expect(missing.map(({ key }) => key)).toEqual([]);
});

test("[OPS-61] and every close code, with its sentence", () => {
  const missing = [...Object.values(closeCodes), ...Object.values(standardCloseCodes)].filter(
    ({ code, name, retry, sentence }) => !hasRow(String(code), `\`${name}\``, retry, sentence),
  );
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test("[OPS-61] and every metric, and none that there is not", () => {
  const metrics = new Metrics(new Bus(), noTraffic());
  const own = metrics.names.filter((name) => name.startsWith("tickcast_"));
  metrics.release();
  expect(own.filter((name) => !rows.some((row) => row.startsWith(`| \`${name}\` |`)))).toEqual([]);
  const named = new Set([...handbook.matchAll(/\btickcast_[a-z_]+/g)].map(([name]) => name));
  expect([...named].filter((name) => !own.includes(name))).toEqual([]);
});

test("[OPS-61] and every fault of a ticket, with its sentence, which fits a close frame", () => {
  const faults = Object.entries(ticketFaults);
  expect(faults.filter(([fault, sentence]) => !hasRow(`\`${fault}\``, sentence))).toEqual([]);
  for (const [, sentence] of faults) expect(sentence).toMatch(/^[\x20-\x7e]{1,123}$/);
});

test("[OPS-61] and its files exist", () => {
  const files = [...handbook.matchAll(/\]\(((?!https?:|#)[^)#]+)[^)]*\)/g)].map(([, path]) => path ?? "");
  expect(files.length).toBeGreaterThan(5);
  for (const path of files)
    expect(readFileSync(new URL(`../../docs/${path}`, import.meta.url)).length).toBeGreaterThan(0);
});

test("[OPS-64] checkpoints that guide and handbook tell of are in the folder that the unit may write to", () => {
  const unit = read("operations/tickcast.service");
  expect(unit).toContain("ProtectSystem=strict");
  const writable = `/var/lib/${/^StateDirectory=(.*)$/m.exec(unit)?.[1]}`;
  for (const page of [handbook, read("guide/6-deploy.md")])
    expect(/"checkpoints": "([^"]+)"/.exec(page)?.[1]).toBe(writable);
});

/** To close the rooms, and for checkpoints at most. */
const CLOSING_SECONDS = 2 + 5;
const pods = ["operations/kubernetes.yaml", "operations/kubernetes-cluster.yaml"].map(read);

test("[OPS-65] what is documented to stop a server waits until it has drained, closed its rooms and saved them", () => {
  const secondsOf = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
  for (const pod of pods)
    expect(secondsOf(pod, /terminationGracePeriodSeconds: (\d+)/)).toBeGreaterThan(
      secondsOf(pod, /\["sleep", "(\d+)"\]/) +
        secondsOf(pod, /TICKCAST_DRAIN_SECONDS, value: "(\d+)"/) +
        CLOSING_SECONDS,
    );
  const drain = secondsOf(handbook, /`drainSeconds`.*, (\d+) in production/);
  for (const [page, pattern] of [
    [handbook, /docker stop --time (\d+)/],
    [read("guide/6-deploy.md"), /--stop-timeout (\d+)/],
    [read("operations/tickcast.service"), /^TimeoutStopSec=(\d+)/m],
  ] as const)
    expect(secondsOf(page, pattern)).toBeGreaterThan(drain + CLOSING_SECONDS);
});

test("[OPS-66] documented pods start what their image says", () => {
  for (const pod of pods) expect(pod).not.toMatch(/^\s+(args|command):/m);
});
