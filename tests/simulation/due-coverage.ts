import { type PresenceName, presenceTransitions, type ResyncCause } from "../../server/room/presence.ts";
import { sessionTransitions } from "../../server/session/session-state.ts";
import { BEYOND_HORIZON, type Coverage } from "./coverage.ts";
import { faultKinds } from "./faults.ts";

/** With fewer seeds the rarest changes of a seat's presence may not occur. */
const SEEDS_FOR_EVERY_PRESENCE = 800;

/** What the simulated players bring upon themselves, as the server names it. */
const everyClose = ["abnormal", "kicked", "left", "refused", "room-full", "too-many-errors", "too-slow"];

/** Every change of state that a session can make; greeting again stays in its state and is not told. */
const everyTransition = Object.entries(sessionTransitions).flatMap(([from, next]) =>
  next.filter((to) => to !== from).map((to) => `${from} → ${to}`),
);

/** Only who makes a token up says that it holds the state of a seat that was begun anew a moment ago. */
const madeUp: readonly string[] = ["entering → returning" satisfies `${PresenceName} → ${PresenceName}`];

const everyPresence = Object.entries(presenceTransitions)
  .flatMap(([from, next]) => next.map((to) => `${from} → ${to}`))
  .filter((transition) => !madeUp.includes(transition));

const everyResync = ["unacknowledged", "backlog", "reconnected", BEYOND_HORIZON] satisfies (
  | ResyncCause
  | typeof BEYOND_HORIZON
)[];

/** What a town is there for. */
const everyTown = [
  "came by id",
  "came by matchmaking",
  "create threw",
  "join threw",
  "load threw",
  "message threw",
  "tick threw",
  "slip",
  "reconnecting",
  "room closed as room-closed",
  "room closed as room-failed",
  "room closed as server-stopping",
  "saved as running",
  "saved as exact",
  "not saved: store",
  "stale write refused",
  "restored as running",
  "restored as exact",
  "refused: another version of the game",
  "refused: another version of Tickcast",
  "refused: is damaged",
  "refused: none of Tickcast's",
  "refused: could not be loaded",
  "refused: restore threw",
  "restore threw",
  "could not start",
  "back behind a crash",
  "back behind a stop",
  "rolled back",
  "lost calls",
  "lost events",
  "reply",
  "told of maintenance",
  "ended as bad-token",
  "ended as internal-error",
  "ended as load-failed",
  "ended as no-such-room",
  "ended as room-failed",
  "ended as room-full",
  "ended as room-locked",
  "ended as too-many-errors",
];

/** What so many seeds of both worlds were to try and did not: then they have shown less than they seem to. */
export function missingFrom(coverage: Coverage, seeds: number): readonly string[] {
  const missing = (what: string, due: readonly string[], counted: { has(name: string): boolean }): string[] =>
    due.filter((name) => !counted.has(name)).map((name) => `${what} "${name}"`);
  return [
    ...missing("the end", everyClose, coverage.serverCloses),
    ...missing("the fault", faultKinds, coverage.faults as ReadonlyMap<string, number>),
    ...missing("in a town", everyTown, coverage.town),
    ...missing("the change of a session", everyTransition, coverage.transitions),
    ...missing("the resync", everyResync, coverage.resyncs),
    // Some take a second loss of the same connection within one tick.
    ...(seeds < SEEDS_FOR_EVERY_PRESENCE
      ? []
      : missing("the change of a seat", everyPresence, coverage.presences)),
  ];
}
