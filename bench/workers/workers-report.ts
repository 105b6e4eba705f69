import { intervalText } from "../report/interval.ts";
import { type MachineFacts, machineLine } from "../report/machine.ts";
import type { Paint } from "../report/paint.ts";
import { alignedRows } from "../report/table.ts";
import { percent } from "../report/units.ts";
import type { WorkersLoad, WorkersMeasured, WorkersRun } from "./measure-workers.ts";
import { HZ, PLAYERS_A_ROOM } from "./worker-app.ts";

/** What `--json` writes. */
export interface WorkersReport extends WorkersMeasured {
  readonly scenario: "workers";
  readonly load: WorkersLoad;
  /** None: the machine has more to do with this figure than a change here could. */
  readonly failures: readonly [];
  readonly machine: MachineFacts;
}

/** The report for a person. */
export function workersText({ load, pairs, ratio, machine }: WorkersReport, paint: Paint): string {
  const row = (pair: number, { workers, rooms, idleMs, roomMs, loadUse }: WorkersRun): string[] => [
    String(pair),
    String(workers),
    String(rooms),
    idleMs.toFixed(1),
    roomMs.toFixed(3),
    percent(loadUse),
  ];
  const rows = alignedRows([
    ["pair", "workers", "rooms", "idle, ms/s", "a room, ms/s", "load generator"],
    ...pairs.flatMap((pair, index) => pair.map((run) => row(index + 1, run))),
  ]);
  return [
    "",
    `${paint("bold", "workers")}: ${load.rooms} rooms of ${PLAYERS_A_ROOM} players at ${HZ} Hz on each worker`,
    paint("dim", machineLine(machine)),
    "",
    ...rows.map((line, at) => (at === 0 ? paint("dim", line) : line)),
    "",
    `CPU per room, ${load.workers} workers to one: ${ratio.median.toFixed(3)} (${intervalText(ratio, (value) => value.toFixed(3))})`,
    "",
    paint("dim", "CPU of the parent and of all workers, Redis apart; idle: before anybody came."),
    "",
  ].join("\n");
}
