import { quantiseText } from "../../shared/state/quantise-text.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import type { Acquired, Matchmaker, NoRoom } from "../matchmaking/matchmaker.ts";
import type { RoomDefinition } from "../room/define-room.ts";
import { refusalOf } from "../room/outcomes.ts";

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
  readonly origin: string | undefined;
  readonly remoteAddress: string;
}

/** A kept seat and what `admit` returned for its player. */
export interface Admitted extends Acquired {
  readonly data: unknown;
}

const DEFAULT_ADMIT_MS = 5_000;

/** The reason of a close frame holds 123 bytes; what is longer is cut by the author's own hand, or here. */
const MAX_REASON_BYTES = 123;

/**
 * Finds a room, keeps a seat in it and asks the game's `admit`, within its deadline. A refusal gives the
 * seat back; so does whoever gets {@link Admitted}, by `release`.
 *
 * @throws what `admit` threw
 */
export async function admission(application: Application): Promise<Admitted | NoRoom> {
  const { definition, matchmaker, roomId, query } = application;
  const game = definition.game.spec.name;
  const acquired =
    roomId === undefined
      ? await matchmaker.acquire(game, Object.fromEntries(query))
      : matchmaker.acquireById(game, roomId);
  if ("refused" in acquired) return acquired;
  let admitted = false;
  try {
    const outcome = await ask(application, acquired);
    admitted = !("refused" in outcome);
    return outcome;
  } finally {
    if (!admitted) acquired.release();
  }
}

async function ask(application: Application, acquired: Acquired): Promise<Admitted | NoRoom> {
  const { definition, clock, join, ticket, origin, remoteAddress } = application;
  const { admit, admitWithinMs = DEFAULT_ADMIT_MS } = definition.config;
  if (admit === undefined) return { ...acquired, data: undefined };
  const { room } = acquired;
  const answer = Promise.resolve(
    admit({
      join: join as never,
      ticket,
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
  const reason = refusalOf(data);
  if (reason === undefined) return { ...acquired, data };
  return { refused: "refused", message: quantiseText(reason, MAX_REASON_BYTES) };
}
