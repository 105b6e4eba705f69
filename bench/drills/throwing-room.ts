import { connect } from "../../client/node.ts";
import type { Check } from "./check.ts";
import type { Drill, DrillEnvironment, Findings } from "./drill.ts";
import { drillGame, type Misdeed } from "./drill-game.ts";
import { figure, gapRows } from "./figures.ts";
import type { WitnessCalls } from "./players/witnesses-process.ts";
import { passing } from "./process/passing.ts";
import type { Remote } from "./process/remote.ts";
import { onStage, SOON_MS, type Stage } from "./process/stage.ts";

const ROOMS = { full: 100, short: 30 } as const;
const WATCHDOG_MS = 1_000;
/** What the watchdog needs beyond its time, to look and to ask where the code stands. */
const WATCHDOG_SPARE_MS = 1_000;
const STUCK_EXIT_CODE = 70;
const AFTER_MS = { full: 3_000, short: 1_000 } as const;
/** From the end of the process to players who play in the next. */
const BACK_WITHIN_MS = 10_000;
/** The first rooms do something, all others nothing. */
const MISDEEDS = ["throws", "throws-in-handlers", "rejects"] as const satisfies readonly Misdeed[];

/** A player of the real SDK who does what makes things go wrong. */
type Caller = Awaited<ReturnType<typeof callerIn>>;
const callerIn = (port: number, path: string) =>
  connect(drillGame, `ws://127.0.0.1:${port}${path}`, { name: "caller" });

export const throwingRoom: Drill = {
  name: "throwing-room",
  says: "of a hundred rooms one throws, one throws at messages, one rejects; then one loops for ever",
  run: (environment: DrillEnvironment): Promise<Findings> =>
    onStage(environment, async (stage) => {
      const thrown = await throwing(stage, environment);
      const looped = await looping(stage, environment);
      return {
        did: `${thrown.rooms} rooms with a player each; then a process whose watchdog waits ${WATCHDOG_MS} ms, and what starts it again`,
        rows: [...thrown.rows, ...looped.rows],
        checks: [...thrown.checks, ...looped.checks],
        servers: [thrown.figures.server],
        notes: [...thrown.notes, ...looped.notes],
        figures: { thrown: thrown.figures, looped: looped.figures },
      };
    }),
};

async function throwing(stage: Stage, { extent, progress }: DrillEnvironment) {
  progress("starting");
  const count = ROOMS[extent];
  const { remote, served } = await stage.server({
    rooms: Array.from({ length: count }, (_, i) => MISDEEDS[i] ?? "nothing"),
  });
  const witnesses = await stage.witnesses(served.port, served.rooms, 1);
  const [throws = "", throwsInHandlers = "", rejects = ""] = served.rooms;
  const [inThrowing, inHandlers, inRejecting] = await Promise.all(
    [throws, throwsInHandlers, rejects].map((path) => callerIn(served.port, path)),
  );
  if (!inThrowing || !inHandlers || !inRejecting) throw new Error("a caller is missing");
  await Promise.all([remote.call("mark", undefined, SOON_MS), witnesses.call("mark", undefined, SOON_MS)]);

  progress("a tick throws, handlers throw, a request rejects");
  inThrowing.send("act", { does: "now" });
  for (let call = 0; call < 3; call++) inHandlers.send("say", { text: "hello" });
  const answer = await inRejecting.request("act", { does: "something" });
  const ends = await Promise.all([endOf(inThrowing), endOf(inHandlers)]);
  await passing(AFTER_MS[extent]);
  const rejectingGoesOn = inRejecting.connection.state === "joined";
  const [server, there] = await Promise.all([
    remote.call("account", undefined, SOON_MS),
    witnesses.call("account", undefined, SOON_MS),
  ]);
  await inRejecting.leave();
  const others = there.rooms.slice(1);
  const missed = others.reduce((sum, room) => sum + room.missed, 0);
  const witnessOfThrowing = there.rooms[0]?.lost[0] ?? "it was not closed";
  return {
    rooms: count,
    rows: [
      ["the room whose tick throws: its players hear", `${ends[0]}; ${witnessOfThrowing}`],
      ["three messages that throw: their player hears", String(ends[1])],
      ["a request that rejects", answer.ok ? "was answered" : `failed: ${String(answer.error)}`],
      ...gapRows("in the other rooms", there),
    ] as const,
    checks: [
      { says: "ticks that the other rooms missed", measured: missed, bound: { exactly: 0 }, holds: "timing" },
      {
        says: "other players who were lost",
        measured: others.flatMap(({ lost }) => lost).length,
        bound: { exactly: 0 },
      },
      {
        says: "players of the throwing room who heard room-failed",
        measured: Number(ends[0] === "room-failed") + Number(witnessOfThrowing.includes("4103")),
        bound: { exactly: 2 },
      },
      {
        says: "players with three failing calls who were closed as too-many-errors",
        measured: Number(ends[1] === "too-many-errors"),
        bound: { exactly: 1 },
      },
      {
        says: "rejected requests that failed, and whose player goes on",
        measured: Number(!answer.ok && rejectingGoesOn),
        bound: { exactly: 1 },
      },
      { says: "errors of the game that were told", measured: server.gameErrors, bound: { exactly: 5 } },
      { says: "faults of the server", measured: server.faults.length, bound: { exactly: 0 } },
    ] satisfies readonly Check[],
    notes: server.faults,
    figures: { server, there, ends, answer },
  };
}

/** A process that ends with code 70 is started again, as systemd does with `Restart=on-failure`. */
async function looping(stage: Stage, { progress }: DrillEnvironment) {
  progress("a tick loops for ever");
  const rooms = ["loops", "nothing", "nothing"] as const;
  const first = await stage.server({ rooms, watchdogMs: WATCHDOG_MS });
  const witnesses: Remote<WitnessCalls> = await stage.witnesses(
    first.served.port,
    first.served.rooms.slice(1),
    1,
  );
  const caller = await callerIn(first.served.port, first.served.rooms[0] ?? "");
  const loopsAt = performance.now();
  caller.send("act", { does: "now" });
  const exit = await first.remote.exit;
  const endedAt = performance.now();
  const said = first.remote.errorOutput.split("\n")[0] ?? "";
  void caller.leave();

  progress("the process is started again");
  const again = await stage.server({
    rooms: ["nothing", "nothing"],
    port: first.served.port,
    watchdogMs: WATCHDOG_MS,
  });
  await witnesses.call(
    "join",
    { port: again.served.port, paths: again.served.rooms, each: 1 },
    BACK_WITHIN_MS,
  );
  const playsAt = performance.now();
  const account = await again.remote.call("account", undefined, SOON_MS);
  const heldMs = endedAt - loopsAt;
  const backMs = playsAt - endedAt;
  return {
    rows: [
      ["a tick that loops: the process ended after", figure(heldMs, "ms")],
      ["                   with", `code ${exit.code ?? exit.signal}`],
      ["                   and said", said],
      ["                   players play in the next one after", figure(backMs, "ms")],
    ] as const,
    checks: [
      {
        says: "exit code of the process with the loop",
        measured: exit.code ?? Number.NaN,
        bound: { exactly: STUCK_EXIT_CODE },
      },
      {
        says: "milliseconds that it held the others",
        measured: heldMs,
        bound: { atMost: WATCHDOG_MS + WATCHDOG_SPARE_MS },
        holds: "timing",
      },
      {
        says: "times that the room was named",
        measured: Number(said.includes(`drill/room-1`)),
        bound: { exactly: 1 },
      },
      {
        says: "milliseconds until players play in the next process",
        measured: backMs,
        bound: { atMost: BACK_WITHIN_MS },
        holds: "timing",
      },
      { says: "faults of the next process", measured: account.faults.length, bound: { exactly: 0 } },
    ] satisfies readonly Check[],
    notes: account.faults,
    figures: { exit, said, heldMs, backMs },
  };
}

/** By what name a caller's connection ended, or "it did not end". */
async function endOf(caller: Caller): Promise<string> {
  for (let waited = 0; waited < SOON_MS; waited += 50) {
    const { connection } = caller;
    if (connection.state === "closed") return connection.close.name;
    if (connection.state === "reconnecting") return connection.close.name;
    await passing(50);
  }
  return "it did not end";
}
