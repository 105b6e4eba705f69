import { describe, expect, test } from "vitest";
import { isSideBySide } from "../all/collection.ts";
import { machine } from "../report/run.fixture.ts";
import { standaloneCard } from "./card.ts";
import { brokenStep, collectionOf, fanoutStep } from "./collection.fixture.ts";
import { headlineOf } from "./headline.ts";
import { reportMarkdown } from "./markdown.ts";
import { reportPage } from "./page.ts";

const small = fanoutStep({ clients: 50, ours: { lastP99: 2 }, bare: { lastP99: 1.6 } });
const large = fanoutStep({ clients: 1000, ours: { lastP99: 12 }, bare: { lastP99: 10 } });

/** Elements that have no end. */
const VOID = new Set(["meta", "link", "input"]);

/** The first tag that is not closed in its order. */
function unbalanced(markup: string): string | undefined {
  const open: string[] = [];
  const plain = markup.replace(
    /<script>[\s\S]*?<\/script>|<style[^>]*>[\s\S]*?<\/style>|<!doctype html>/g,
    "",
  );
  for (const [tag, end, name = ""] of plain.matchAll(/<(\/?)([a-z0-9]+)(?:\s+[^<>]*)?>/gi))
    if (end === "/") {
      if (open.pop() !== name) return tag;
    } else if (!VOID.has(name)) open.push(name);
  return open.at(-1);
}

describe("the page", () => {
  test("[BEN-83] is one whole file that asks nobody for anything", () => {
    const page = reportPage(collectionOf(small, large, brokenStep));
    expect(unbalanced(page)).toBeUndefined();
    expect(page).toContain("default-src 'none'");
    // Names of markup languages are no addresses: nothing is loaded from there.
    const addresses = page
      .replaceAll("http://www.w3.org/2000/svg", "")
      .match(/https?:|src="(?!data:)|url\(|@import/g);
    expect(addresses).toBeNull();
    expect(page).not.toMatch(/NaN|Infinity|undefined</);
  });

  test("[BEN-84] what a report says stays text, wherever it is shown", () => {
    const spoilt = fanoutStep({ clients: 50, ours: { lost: ['<img src="x" onerror=alert(1)>|'] } });
    const collection = {
      ...collectionOf(spoilt, brokenStep),
      command: "all </code><script>alert(2)</script>",
      versions: { "</dd><b>": "1" },
    };
    const page = reportPage(collection);
    expect(page).toContain("&#60;img src=&#34;x&#34; onerror=alert(1)&#62;");
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(unbalanced(page)).toBeUndefined();
    expect(standaloneCard(collection)).not.toContain("<script");
    expect(reportMarkdown(collection)).not.toMatch(/<img|<missing/);
  });

  test("[BEN-85] begins with the largest room that is complete and to be trusted", () => {
    expect(headlineOf(collectionOf(large, small))).toEqual({
      sentence:
        "99\u00a0% of ticks reach the last of 1,000\u00a0players within 12\u00a0ms of their intended time: " +
        "1.20\u00a0×\u00a0what bare uWebSockets.js takes.",
      doubts: [],
      rounds: "one round of 1 s: an indication, for a result it takes 5 or more",
    });
    const disturbed = fanoutStep({ clients: 2000, ours: { machineBusyMs: 400 } });
    const failed = fanoutStep({ clients: 3000, ours: { slips: 1 } });
    expect(headlineOf(collectionOf(disturbed, large, failed)).sentence).toContain("1,000\u00a0players");
    const doubted = headlineOf(collectionOf(disturbed));
    expect(doubted.sentence).toContain("2,000\u00a0players");
    expect(doubted.doubts).toEqual([expect.stringContaining("other processes")]);
    expect(headlineOf(collectionOf(failed)).doubts).toEqual([expect.stringContaining("slipped once")]);
    expect(headlineOf(collectionOf(brokenStep)).sentence).toBe("No fan-out was measured.");
  });

  test("[BEN-85] says between what its ratio lies, or that rounds were too few", () => {
    const [pair] = [fanoutStep({ clients: 50 })].map(({ outcome }) => outcome);
    if (pair?.kind !== "report" || !isSideBySide(pair.report)) throw new Error("the fixture has no report");
    const { report } = pair;
    const ratioInterval = report.ratioInterval && {
      ...report.ratioInterval,
      lastP99: { median: 1.2, low: 0.9, high: 1.512, count: 5 },
    };
    const five = { ...report, ratioInterval, pairs: Array.from({ length: 5 }, () => report.pairs).flat() };
    const told = collectionOf({ ...small, outcome: { kind: "report", report: five } });
    const rounds = "median of 5 rounds of 1 s; the ratio is 0.90 to 1.51, 19 times in 20";
    expect(headlineOf(told).rounds).toBe(rounds);
    expect(standaloneCard(told)).toContain(rounds);
    expect(reportPage(told)).toContain(rounds);
  });

  test("[BEN-86] shows every row, every failure and every doubt, and so does the Markdown", () => {
    const slow = fanoutStep({ clients: 2000, ours: { slips: 3, machineBusyMs: 400 } });
    const collection = { ...collectionOf(small, slow, brokenStep), missing: ["codec, 200 rows"] };
    for (const text of [reportPage(collection), reportMarkdown(collection)]) {
      for (const title of ["Tickcast", "ws", "bare uWS"]) expect(text).toContain(title);
      for (const command of ["--clients 50", "--clients 2000", "bench -- http"])
        expect(text).toContain(command);
      expect(text).toContain("its ticks slipped 3 times");
      expect(text).toContain("not trustworthy: other processes");
      expect(text).toContain("did not come to its end: autocannon");
      expect(text).toContain("codec, 200 rows");
      expect(text).toContain("a processor");
      expect(text).toContain("20.57.0");
    }
    expect(reportPage(collection)).toContain("dot doubtful");
    expect(reportPage(collectionOf(small))).not.toContain("dot doubtful");
  });

  test("[BEN-86] a ratio to the bare server is that of the pair", () => {
    const row = /\| ws \| [^|]+ \| 9\.000 \| 5\.63 × \|/;
    expect(reportMarkdown(collectionOf(small))).toMatch(row);
    expect(reportMarkdown(collectionOf(small))).toMatch(/\| bare uWS \| [^|]+ \| 1\.600 \| 1 \|/);
  });

  test("[BEN-86] a report of a shape that it does not know has its figures by their names", () => {
    const report = {
      scenario: "storm",
      failures: [],
      machine,
      targets: [{ says: "none lost", atMost: 0, measured: 0, met: true }],
      lost: 0,
      backMs: { p50: 156.25 },
      each: [1, 2],
    };
    const text = reportMarkdown(collectionOf({ ...brokenStep, outcome: { kind: "report", report } }));
    expect(text).toContain("| lost | 0 |");
    expect(text).toContain("| backMs.p50 | 156.3 |");
    expect(text).toContain("✓ target met: none lost");
    expect(text).not.toContain("| each");
  });

  test("[BEN-87] the first chart is 1200 × 630, says how to repeat it, and stands alone in dark and light", () => {
    const svg = standaloneCard(collectionOf(small, large)) ?? "";
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*viewBox="0 0 1200 630"/);
    expect(svg).toContain("$ npm run bench -- all --quick --html report");
    const against = "ws,socketio,colyseus-ws,colyseus-ws-aligned,colyseus-uws,colyseus-uws-aligned";
    const long = `npm run bench -- all --against ${against} --repeat 5 --html somewhere/else`;
    expect(standaloneCard({ ...collectionOf(small), command: long })).toContain(`>$ ${long}</text>`);
    expect(svg).toContain("prefers-color-scheme:dark");
    expect(unbalanced(svg)).toBeUndefined();
    expect(standaloneCard(collectionOf(brokenStep))).toBeUndefined();
  });
});
