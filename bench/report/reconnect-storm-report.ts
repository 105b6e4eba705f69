import type { HeardFigures } from "../run/messages.ts";
import type { RawReconnectStormRun } from "../run/run-reconnect-storm.ts";
import {
  placeOf,
  type ReconnectStormFigure,
  type ReconnectStormLoad,
  reconnectStorm,
} from "../scenarios/reconnect-storm.ts";
import { lostOf } from "../statistics/consecutive.ts";
import type { Percentiles } from "../statistics/latency-histogram.ts";
import { judgeBounds } from "./bounds.ts";
import { useOf } from "./core-use.ts";
import type { MachineFacts } from "./machine.ts";
import type { TargetReport } from "./report.ts";
import { doubts } from "./trust.ts";

/** Of one kind of thing, over all clients: how many were to arrive, and what became of them. */
export interface Tally {
  readonly kind: string;
  readonly expected: number;
  readonly lost: number;
  readonly repeated: number;
}

/** What `--json` writes for a storm of cuts. */
export interface ReconnectStormReport extends ReconnectStormLoad {
  readonly scenario: string;
  readonly hz: number;
  /** Connections that were cut, by whom; and how often clients lost one and were back. */
  readonly cutBy: { readonly clients: number; readonly server: number };
  readonly losses: number;
  readonly returns: number;
  /** From a cut to the next tick that closed. */
  readonly returnMs: Percentiles;
  readonly tallies: readonly Tally[];
  readonly lost: number;
  readonly repeated: number;
  readonly latenessMs: Percentiles;
  readonly serverCpu: number;
  readonly loadCpu: number;
  readonly targets: readonly TargetReport[];
  readonly machine: MachineFacts;
  readonly trustworthy: boolean;
  readonly reasons: readonly string[];
  readonly failures: readonly string[];
}

/** Turns what a run brought to light into figures, and says where it failed or may mislead. */
export function reconnectStormReport(run: RawReconnectStormRun, machine: MachineFacts): ReconnectStormReport {
  const { load, server, clients, sameClock } = run;
  const all = tallies(run);
  const sum = (of: (tally: Tally) => number): number => all.reduce((total, tally) => total + of(tally), 0);
  const figures: Record<ReconnectStormFigure, number> = {
    lost: sum(({ lost }) => lost),
    repeated: sum(({ repeated }) => repeated),
  };
  const count = (of: (survivor: RawReconnectStormRun["clients"]["survivors"][number]) => number): number =>
    clients.survivors.reduce((total, survivor) => total + of(survivor), 0);
  const cutBy = { clients: clients.cut, server: server.told?.cut ?? 0 };
  const losses = count((survivor) => survivor.losses);
  const returns = count((survivor) => survivor.returns);
  const reasons = doubts([useOf(run)], machine, sameClock === true);
  const targets = judgeBounds(reconnectStorm.bounds, load, figures);
  return {
    scenario: reconnectStorm.name,
    ...load,
    hz: reconnectStorm.hz,
    cutBy,
    losses,
    returns,
    returnMs: clients.returnMs,
    tallies: all,
    ...figures,
    latenessMs: server.latenessMs,
    serverCpu: server.cpuUs / 1000 / server.wallMs,
    loadCpu: useOf(run).loadCpu,
    targets,
    machine,
    trustworthy: reasons.length === 0,
    reasons,
    failures: [
      ...targets.flatMap(({ met, says, measured }) => (met ? [] : [`not so: ${says}: ${measured}`])),
      ...(cutBy.clients + cutBy.server === load.clients * load.cuts
        ? []
        : [`${cutBy.clients + cutBy.server} connections were cut, not ${load.clients * load.cuts}`]),
      ...(losses === returns
        ? []
        : [`${losses} connections were lost, and ${returns} times a client was back`]),
      ...(server.slips > 0 ? [`the server could not keep up: its ticks slipped ${server.slips} times`] : []),
    ],
  };
}

function tallies({ load, server, clients: { survivors } }: RawReconnectStormRun): Tally[] {
  const { told } = server;
  const over = (
    kind: string,
    of: (index: number) => { readonly expected: number; readonly heard: HeardFigures },
  ): Tally => {
    const each = survivors.map((_survivor, index) => of(index));
    return {
      kind,
      expected: each.reduce((sum, { expected }) => sum + expected, 0),
      lost: each.reduce((sum, { expected, heard }) => sum + lostOf(expected, heard), 0),
      repeated: each.reduce((sum, { heard }) => sum + heard.repeated, 0),
    };
  };
  const nothing: HeardFigures = { upTo: 0, missing: 0, repeated: 0 };
  const at = (index: number) => survivors[index] as (typeof survivors)[number];
  return [
    over("events for everyone", (i) => ({ expected: told?.global ?? 0, heard: at(i).global })),
    over("events in a place", (i) => ({
      expected: told?.places[placeOf(at(i).number)] ?? 0,
      heard: at(i).place,
    })),
    over("private events", (i) => ({ expected: told?.private[at(i).number] ?? 0, heard: at(i).private })),
    over("messages", (i) => ({
      expected: at(i).messagesSent,
      heard: told?.messages[at(i).number] ?? nothing,
    })),
    over("requests", (i) => ({
      expected: at(i).requestsSent,
      heard: told?.requests[at(i).number] ?? nothing,
    })),
    {
      kind: "replies",
      expected: survivors.reduce((sum, { requestsSent }) => sum + requestsSent, 0),
      lost: survivors.reduce((sum, { requestsSent, answered }) => sum + requestsSent - answered, 0),
      repeated: 0,
    },
    {
      kind: "seats",
      expected: load.clients,
      lost: Math.max(
        told?.left ?? 0,
        survivors.filter(({ joined }) => !joined).length,
        survivors.filter(({ lost }) => lost > 0).length,
      ),
      repeated: Math.max(0, (told?.joined ?? 0) - load.clients),
    },
  ];
}
