import type { FrameDigest, TickHash } from "../run/messages.ts";
import type { RawRun } from "../run/run-system.ts";
import { systems } from "../systems/systems.ts";
import type { SystemReport } from "./report.ts";

/** Turns what a run brought to light into figures, and says where it was none. */
export function systemReport(run: RawRun): SystemReport {
  const { system, load, window, server, clients } = run;
  const expected = load.clients * (window.toTick - window.fromTick);
  const busyMs = (server.cpuUs + clients.cpuUs) / 1000;
  return {
    name: system,
    clients: load.clients,
    hz: load.hz,
    seconds: load.seconds,
    delivered: clients.delivered,
    expected,
    latencyMs: clients.latencyMs,
    latenessMs: server.latenessMs,
    curves: clients.curves,
    timeline: { fromTick: window.fromTick, latenessMs: server.latenessByTick, ...clients.byTick },
    serverCpuUsPerFrame: server.cpuUs / Math.max(1, clients.delivered),
    serverCpu: server.cpuUs / 1000 / server.wallMs,
    loadCpu: clients.cpuUs / 1000 / clients.wallMs,
    otherCpu: Math.max(0, clients.machineBusyMs - busyMs) / clients.wallMs,
    phases: server.phases,
    lateInputs: server.lateInputs,
    framesPerClientPerTick: clients.leanFrames / clients.leanClients / (window.toTick - window.fromTick),
    sentPerClientPerSecond: clients.leanSent / clients.leanClients / (clients.wallMs / 1000),
    bytesPerClientPerSecond: clients.leanBytes / clients.leanClients / (clients.wallMs / 1000),
    hashesCompared: comparedHashes(run).length,
    remarks: remarks(run, expected),
    failures: failures(run, expected),
  };
}

/** Frames that two runs of one pair sent otherwise, though they ought to be the same. */
export function differingFrames(
  a: readonly FrameDigest[],
  b: readonly FrameDigest[],
): { readonly compared: number; readonly differ: number } {
  const known = new Map(a);
  const common = b.filter(([tick]) => known.has(tick));
  return {
    compared: common.length,
    differ: common.filter(([tick, digest]) => known.get(tick) !== digest).length,
  };
}

/** Check-sums of the frames that closed the measured ticks. */
export function measuredDigests(run: RawRun): readonly FrameDigest[] {
  return inWindow(run, run.clients.digests);
}

/** A peer with loops of its own is not measured in quite the same way. */
function remarks({ system, clients }: RawRun, expected: number): string[] {
  if (systems[system].loop === "scheduled") return [];
  const merged = expected - clients.delivered;
  return [
    "it has loops of its own, so latency counts from when a tick began, not from when it was to begin",
    ...(merged > 0 || clients.gaps > 0
      ? [`${merged} of ${expected} ticks reached their client within the next one or outside of the window`]
      : []),
  ];
}

function failures(run: RawRun, expected: number): string[] {
  const { server, clients } = run;
  const found: string[] = [];
  if (server.slips > 0) found.push(`the server could not keep up: its ticks slipped ${times(server.slips)}`);
  if (clients.lost.length > 0) found.push(`${clients.lost.length} connections were lost: ${clients.lost[0]}`);
  const { loop } = systems[run.system];
  if (clients.delivered === 0) found.push("no frame was delivered");
  else if (loop === "scheduled" && clients.delivered !== expected)
    found.push(
      `${clients.delivered} of ${expected} frames were delivered` +
        (server.published < run.window.toTick - run.window.fromTick
          ? "; the server was late and left ticks unpublished"
          : ""),
    );
  if (loop === "scheduled" && clients.gaps > 0)
    found.push(`${clients.gaps} frames did not follow the tick before`);
  if (systems[run.system].hasState) found.push(...mirrorFailures(run));
  return found;
}

function mirrorFailures(run: RawRun): string[] {
  const { server, clients } = run;
  const compared = comparedHashes(run);
  const differ = compared.filter(({ ofMirror, ofServer }) => ofMirror !== ofServer);
  const ofMirrors = reached(run, clients.mirrors.hashes).length;
  const missing = reached(run, server.hashes).length - ofMirrors;
  return [
    ...(ofMirrors > 0 && compared.length === 0
      ? ["no state of a mirror could be compared: the server was too late each time"]
      : []),
    ...(differ[0]
      ? [`${differ.length} state hashes differ from the server's, first in tick ${differ[0].tick}`]
      : []),
    ...(missing !== 0 ? [`${missing} state hashes of mirrors are missing`] : []),
    ...clients.mirrors.differences,
  ];
}

interface ComparedHash {
  readonly tick: number;
  readonly ofMirror: string | null;
  /** `undefined` where the server was to look, and has nothing of that tick. */
  readonly ofServer: string | undefined;
}

/** Of the ticks that the server could look at. */
function comparedHashes(run: RawRun): ComparedHash[] {
  const known = new Map(
    reached(run, run.server.hashes).map(([tick, hash, mirror]) => [`${tick} ${mirror}`, hash]),
  );
  return reached(run, run.clients.mirrors.hashes).flatMap(([tick, ofMirror, mirror]) => {
    const ofServer = known.get(`${tick} ${mirror}`);
    return ofServer === null ? [] : [{ tick, ofMirror, ofServer }];
  });
}

/** Rooms begin one after the other, so later ones may not come to the last ticks before all is over. */
function reached(run: RawRun, hashes: readonly TickHash[]): TickHash[] {
  const { window, load } = run;
  const spareTicks = (load.rooms ?? 1) > 1 ? load.hz : 0;
  return inWindow(run, hashes).filter(([tick]) => tick < window.toTick - spareTicks);
}

function inWindow<Noted extends TickHash | FrameDigest>(
  { window }: RawRun,
  noted: readonly Noted[],
): Noted[] {
  return noted.filter(([tick]) => tick >= window.fromTick && tick < window.toTick);
}

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);
