import type { Collection } from "../all/collection.ts";

/** What the figures hold for, as names and values: they mean little elsewhere. */
export function factsOf({ results, versions, extent, missing }: Collection): [name: string, value: string][] {
  const machines = results.flatMap(({ outcome }) =>
    outcome.kind === "report" ? [outcome.report.machine] : [],
  );
  const [machine] = machines;
  const commits = [...new Set(machines.map(({ commit }) => commit ?? "none"))];
  const failed = results.filter(
    ({ outcome }) => outcome.kind === "none" || outcome.report.failures.length > 0,
  );
  const doubtful = results.filter(
    ({ outcome }) => outcome.kind === "report" && outcome.report.trustworthy === false,
  );
  const seconds = results.reduce((sum, { tookSeconds }) => sum + tookSeconds, 0);
  return [
    ...(machine === undefined
      ? []
      : ([
          ["Processor", `${machine.cpu}, ${machine.cores} cores for this process`],
          ["System", machine.system],
          [
            "Placement",
            machine.placement.pinned
              ? `server on core ${machine.placement.serverCore}, load on core ${machine.placement.loadCore}`
              : `not pinned: ${machine.placement.because}`,
          ],
          ["Node", machine.node],
          ["Commit", commits.join(", ")],
          ["Date", machine.date],
        ] satisfies [string, string][])),
    [
      "Versions",
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ],
    ["Extent", `${extent}, ${results.length} steps in ${Math.round(seconds / 6) / 10} min`],
    ...(failed.length === 0
      ? []
      : ([["Failed", `${failed.length} of ${results.length} steps`]] as [string, string][])),
    ...(doubtful.length === 0
      ? []
      : ([["Not trustworthy", `${doubtful.length} of ${results.length} steps`]] as [string, string][])),
    ...(missing.length === 0 ? [] : ([["Did not run", missing.join("; ")]] as [string, string][])),
  ];
}
