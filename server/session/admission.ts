import { quantiseText } from "../../shared/state/quantise-text.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import type { Acquired, Matchmaker, NoRoom } from "../matchmaking/matchmaker.ts";
import { FAILED } from "../room/containment.ts";
import type { RoomDefinition } from "../room/define-room.ts";
import { refusalOf } from "../room/outcomes.ts";
import { validate } from "../room/validate.ts";
import type { Entry, NoEntry, Tickets } from "../tickets/tickets.ts";

/** Somebody who asks for a seat. */
export interface Application {
  readonly definition: RoomDefinition;
  readonly matchmaker: Matchmaker;
  readonly clock: Clock;
  /** Absent: any room that fits. */
  readonly roomId: string | undefined;
  readonly query: URLSearchParams;
  readonly join: unknown;
  readonly ticket: string | undefined;
  /** Who judges join tickets. Absent: there are none, and a ticket is for the game to judge. */
  readonly tickets: Tickets | undefined;
  readonly origin: string | undefined;
  readonly remoteAddress: string;
  /** Asked where a room has to be made for them. */
  readonly mayMakeRoom: () => boolean;
}

/** A kept seat, the parsed join, and what `admit` returned for its player. */
export interface Admitted extends Acquired {
  readonly join: unknown;
  readonly data: unknown;
}

/** No seat, and why. */
export type NotAdmitted =
  | NoRoom
  | Extract<NoEntry, { refused: "server-busy" }>
  | { readonly refused: "internal-error"; readonly message?: string };

const DEFAULT_ADMIT_MS = 5_000;

/** The reason of a close frame holds 123 bytes; what is longer is cut by the author's own hand, or here. */
const MAX_REASON_BYTES = 123;

/**
 * Finds a room, keeps a seat in it and asks the game's `admit`, within its deadline. A refusal gives the
 * seat back; so does whoever gets {@link Admitted}, by `release`.
 *
 * @throws what a schema of the author's threw
 */
export async function admission(application: Application): Promise<Admitted | NotAdmitted> {
  const { definition, matchmaker, query } = application;
  const { name: game, join: schema } = definition.game.spec;
  const join = validate(schema, application.join);
  if (!join.ok) return { refused: "bad-join" };
  const entry = await entryOf(application, game);
  if ("refused" in entry) return entry;
  const { roomId } = entry;
  // In the same turn, so that nobody else takes the seat that was kept.
  entry.releaseKept();
  const acquired =
    roomId === undefined
      ? await matchmaker.acquire(game, Object.fromEntries(query), application.mayMakeRoom)
      : matchmaker.acquireById(game, roomId);
  if ("refused" in acquired) return acquired;
  let admitted = false;
  try {
    const outcome = await ask(application, entry, join.value, acquired);
    admitted = !("refused" in outcome);
    return outcome;
  } finally {
    if (!admitted) acquired.release();
  }
}

function entryOf(
  { tickets, ticket, roomId, remoteAddress }: Application,
  game: string,
): Entry | Promise<Entry | NoEntry> {
  return (
    tickets?.present(ticket, game, roomId, remoteAddress) ?? {
      roomId,
      ticket,
      identity: undefined,
      releaseKept: () => {},
    }
  );
}

async function ask(
  { definition, clock, origin, remoteAddress }: Application,
  { ticket, identity }: Entry,
  join: unknown,
  acquired: Acquired,
): Promise<Admitted | NotAdmitted> {
  const { admit, admitWithinMs = DEFAULT_ADMIT_MS } = definition.config;
  if (admit === undefined) return { ...acquired, join, data: undefined };
  const { room } = acquired;
  const answer = room.containment.settle({ hook: "admit" }, () =>
    admit({
      join: join as never,
      ticket,
      identity,
      room: { id: room.name.id, options: room.options },
      origin,
      remoteAddress,
    }),
  );
  const late = Symbol("late");
  let stopWaiting = (): void => {};
  const deadline = new Promise<typeof late>((resolve) => {
    stopWaiting = clock.after(admitWithinMs, () => resolve(late));
  });
  const data = await Promise.race([answer, deadline]).finally(() => stopWaiting());
  if (data === late) return { refused: "seat-expired" };
  if (data === FAILED) return { refused: "internal-error" };
  const reason = refusalOf(data);
  if (reason === undefined) return { ...acquired, join, data };
  return { refused: "refused", message: quantiseText(reason, MAX_REASON_BYTES) };
}
