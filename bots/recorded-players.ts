import { ArrivalType, type InputRecord, type Kept } from "../shared/recording/format.ts";
import type { Recording } from "../shared/recording/recording.ts";

/** What one player did, by the tick of their stay: 0 is the tick in which they joined. */
export interface RecordedPlayer {
  /** What they joined with, as the game's schema parsed it. */
  readonly join: unknown;
  /** How many ticks they stayed. */
  readonly ticks: number;
  /** Tick → values of the input for that tick, in wire form. */
  readonly inputs: ReadonlyMap<number, readonly unknown[]>;
  /** Tick → messages and requests, in order. */
  readonly calls: ReadonlyMap<number, readonly RecordedCall[]>;
}

export interface RecordedCall {
  readonly kind: "message" | "request";
  /** Its place in the definition. */
  readonly index: number;
  readonly payload: unknown;
}

interface Stay {
  readonly join: unknown;
  readonly since: number;
  readonly inputs: Map<number, readonly unknown[]>;
  readonly calls: Map<number, RecordedCall[]>;
}

/**
 * Everybody in a recording, in the order of their joining; those who were there when it began come first. Who came with
 * a join that could not be kept, or did before it began, joins with nothing.
 */
export async function recordedPlayers(recording: Recording): Promise<RecordedPlayer[]> {
  const stays = new Map<number, Stay>();
  const players: RecordedPlayer[] = [];
  const places = new Map<Stay, number>();
  let [first, last] = [recording.firstTick, recording.firstTick];
  const begin = (player: number, join: unknown, since: number): void => {
    const stay: Stay = { join, since, inputs: new Map(), calls: new Map() };
    stays.set(player, stay);
    places.set(stay, places.size);
  };
  const end = (player: number, at: number): void => {
    const stay = stays.get(player);
    if (stay === undefined) return;
    stays.delete(player);
    const { join, since, inputs, calls } = stay;
    players[places.get(stay) ?? 0] = { join, ticks: Math.max(1, at - since), inputs, calls };
  };
  for (const { player } of recording.header.seats) begin(player, undefined, first);
  for await (const [, tick, , arrivals, inputs] of recording.steps()) {
    first = Math.min(first, tick);
    last = tick;
    for (const input of inputs) addInput(stays, input);
    for (const arrival of arrivals)
      switch (arrival[0]) {
        case ArrivalType.join:
          // Whose join failed never played.
          if (arrival[1] !== 0) begin(arrival[1], keptValue(arrival[3]), tick);
          break;
        case ArrivalType.leave:
          end(arrival[1], tick);
          break;
        case ArrivalType.message:
        case ArrivalType.request:
          addCall(stays, tick, arrival[1], {
            kind: arrival[0] === ArrivalType.message ? "message" : "request",
            index: arrival[2],
            payload: keptValue(arrival[3]),
          });
      }
  }
  for (const player of [...stays.keys()]) end(player, last);
  return players;
}

function addInput(stays: ReadonlyMap<number, Stay>, [player, tick, , ...values]: InputRecord): void {
  const stay = stays.get(player);
  const at = stay === undefined ? -1 : tick - stay.since;
  // The first for a tick counts, as in the game.
  if (stay !== undefined && at >= 0 && !stay.inputs.has(at)) stay.inputs.set(at, values);
}

function addCall(stays: ReadonlyMap<number, Stay>, tick: number, player: number, call: RecordedCall): void {
  const stay = stays.get(player);
  if (stay === undefined) return;
  const at = tick - stay.since;
  const calls = stay.calls.get(at);
  if (calls === undefined) stay.calls.set(at, [call]);
  else calls.push(call);
}

function keptValue(kept: Kept): unknown {
  return kept?.[0];
}
