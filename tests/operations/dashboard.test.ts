import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Bus } from "../../server/bus.ts";
import { Metrics } from "../../server/metrics/metrics.ts";
import { noTraffic } from "../../server/metrics/traffic.ts";

const read = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), "utf8");

const metrics = new Metrics(new Bus(), noTraffic());
const known = new Set(metrics.names);
metrics.release();

/** Names in a query or a page, without the suffixes that Prometheus adds to histograms. */
function namesIn(text: string): Set<string> {
  const names = [...text.matchAll(/\b(?:tickcast|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name);
  return new Set(names.map((name) => (known.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, ""))));
}

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

test("[OPS-4] every metric that the dashboard queries exists, and each of Tickcast's is on it", () => {
  const { panels } = JSON.parse(read("operations/grafana.json")) as Dashboard;
  const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(queries.filter((query) => namesIn(query).size === 0)).toEqual([]);
  const queried = namesIn(queries.join("\n"));
  expect([...queried].filter((name) => !known.has(name))).toEqual([]);
  const own = [...known].filter((name) => name.startsWith("tickcast_"));
  // Rooms that were opened are those there are and those that closed.
  expect(own.filter((name) => !queried.has(name))).toEqual(["tickcast_rooms_opened_total"]);
});
