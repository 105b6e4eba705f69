import type { MachineFacts } from "./machine.ts";
import type { SystemReport } from "./report.ts";

/** Beyond this share of its core the load measures itself: its own queue is in every latency. */
const MAX_LOAD_CPU = 0.7;
/** Beyond this share of a core, work of others is in the figures. */
const MAX_OTHER_CPU = 0.1;

/**
 * Why figures, though complete, may mislead; without a reason they are to be trusted.
 *
 * @param whenBusy what to make of figures where the load has too little of its core left
 */
export function doubts(
  reports: readonly Pick<SystemReport, "loadCpu" | "otherCpu">[],
  { placement }: Pick<MachineFacts, "placement">,
  sameClock: boolean,
  whenBusy = "use fewer clients",
): string[] {
  const busiest = Math.max(...reports.map(({ loadCpu }) => loadCpu));
  const disturbed = Math.max(...reports.map(({ otherCpu }) => otherCpu));
  return [
    ...(placement.pinned
      ? []
      : [`server and load are not pinned to cores of their own: ${placement.because}`]),
    ...(busiest > MAX_LOAD_CPU
      ? [`the load itself used ${percent(busiest)} of its core, so it delayed what it timed: ${whenBusy}`]
      : []),
    ...(placement.pinned && disturbed > MAX_OTHER_CPU
      ? [`other processes used ${percent(disturbed)} of a core on the same two cores: repeat it in quiet`]
      : []),
    ...(sameClock ? [] : ["server and load do not name a common clock: latencies may be off by a constant"]),
  ];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
