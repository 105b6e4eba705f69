import { expect, test } from "vitest";
import { plain } from "../report/paint.ts";
import type { Findings } from "./drill.ts";
import { brokenReport, drillReport, drillsReport, drillText } from "./report.ts";

const machine = {} as Parameters<typeof drillsReport>[0];

function found(over: Partial<Findings> = {}): Findings {
  const checks = [
    { says: "lost", measured: 0, bound: { exactly: 0 } },
    { says: "gap", measured: 80, bound: { below: 100 } },
  ];
  const servers = [{ waitedMs: 10, wallMs: 1_000 }];
  return { did: "it did", rows: [["gap", "80 ms"]], checks, servers, notes: [], figures: {}, ...over };
}

test("[DRL-3] a drill fails by each bound that it missed, and by not coming to its end", () => {
  expect(drillReport("a", "full", 1, found()).failures).toEqual([]);
  const missed = found({ checks: [{ says: "lost", measured: 2, bound: { exactly: 0 } }] });
  const reports = [
    drillReport("a", "full", 1, missed),
    brokenReport("b", "full", 1, "the server process ended"),
  ];
  expect(drillsReport(machine, reports).failures).toEqual([
    "a: lost: 2 (to be 0)",
    "b: it did not come to its end: the server process ended",
  ]);
});

test("[DRL-3] the text has the table, every bound and every failure", () => {
  const missed = found({ checks: [{ says: "lost", measured: 2, bound: { exactly: 0 } }], notes: ["a note"] });
  const text = drillText(drillReport("a", "short", 7.2, missed), plain);
  for (const part of ["a (short): it did", "gap   80 ms", "✗ lost: 2 (to be 0)", "a note", "7 s"])
    expect(text).toContain(part);
  expect(drillText(brokenReport("b", "full", 1, "no port"), plain)).toContain(
    "✗ it did not come to its end: no port",
  );
});

test("[DRL-4] a server that waited for its core is a doubt, and so is what the drill itself doubts", () => {
  expect(drillReport("a", "full", 1, found()).doubts).toEqual([]);
  const busy = found({
    servers: [
      { waitedMs: 0, wallMs: 1_000 },
      { waitedMs: 50, wallMs: 1_000 },
    ],
    doubts: ["others"],
  });
  expect(drillReport("a", "full", 1, busy).doubts).toEqual([
    "others",
    "for 50 of 2000 ms the server waited for its core, which others used: repeat it in quiet",
  ]);
});

test("[DRL-4] where others used the machine a short drill is not held to times; a full one is", () => {
  const checks = [
    { says: "gap", measured: 300, bound: { below: 100 }, holds: "timing" },
    { says: "lost", measured: 1, bound: { exactly: 0 } },
  ] as const;
  const busy = found({ checks, servers: [{ waitedMs: 500, wallMs: 1_000 }] });
  const short = drillReport("a", "short", 1, busy);
  expect(short).toMatchObject({ failures: ["lost: 1 (to be 0)"], unjudged: ["gap: 300 (to be below 100)"] });
  expect(drillText(short, plain)).toContain("! not judged: gap: 300");
  expect(drillReport("a", "full", 1, busy)).toMatchObject({ failures: { length: 2 }, unjudged: [] });
  expect(drillReport("a", "short", 1, found({ checks })).failures).toHaveLength(2);
});
