import { type ReplyPart, ReplyStatus } from "../../../shared/protocol/frames.ts";
import { FAILED } from "../containment.ts";
import type { RoomCore } from "../room-core.ts";
import type { RoomPublisher } from "../room-publisher.ts";
import type { Seat } from "../seat.ts";
import type { KeptParts } from "./kept-parts.ts";
import type { ImageKind, RoomImage, SeatImage } from "./room-image.ts";
import { takeColumns } from "./table-columns.ts";
import { toldSince } from "./told-since.ts";

/** Most seats have none of most things. */
const NONE = [] as const;

/**
 * Takes the image of a room between two ticks. `not-now` where the last tick was not published, as where a late room
 * catches up: the next one will be. `FAILED` where the game's `save` threw.
 */
export function captureRoom(
  room: RoomCore,
  kind: ImageKind,
  { config, publisher, streamIds, random, firstTick }: KeptParts,
): RoomImage | "not-now" | typeof FAILED {
  const { state, game, tick } = room;
  if (tick < firstTick || publisher.lastTick !== tick) return "not-now";
  const saved = room.containment.run({ hook: "save" }, () => config.save?.(room.facade));
  if (saved === FAILED) return FAILED;
  const seats = [...room.seats].map((seat) => captureSeat(seat, kind, publisher, tick));
  return {
    kind,
    tick,
    timeline: room.lineage.timeline,
    ancestors: room.lineage.ancestors,
    options: room.options,
    metadata: room.metadata,
    locked: room.locked,
    visibility: room.visibility,
    ...(room.attendance.match?.hasBegun === false && { waits: true }),
    everEntered: room.attendance.everEntered,
    random: random.state(),
    nextIds: { rows: state.nextIds, players: room.seats.nextId, streams: streamIds.next },
    nextEvent: publisher.nextEvent,
    tables: state.layout.tables.map((table) => takeColumns(state, table, game.description)),
    seats,
    events: kind === "exact" ? eventsToAll(seats, publisher, tick) : [],
    saved,
  };
}

/** What the room told everybody since the last tick that all are known to have closed. */
function eventsToAll(
  seats: readonly SeatImage[],
  publisher: RoomPublisher,
  tick: number,
): RoomImage["events"] {
  const since = Math.min(tick, ...seats.map(({ knownSince }) => knownSince));
  return [...publisher.eventsIn("room", since, tick)];
}

function captureSeat(seat: Seat, kind: ImageKind, publisher: RoomPublisher, tick: number): SeatImage {
  const { since, told } = kind === "exact" ? toldSince(seat, publisher, tick) : { since: tick, told: NONE };
  const { history, acks, following } = seat;
  const unheard = kind === "exact" ? NONE : history.repliesSince(acks.acknowledgedTick);
  return {
    id: seat.id,
    digest: seat.digest(),
    voice: seat.voice,
    attempt: seat.attempt,
    sequence: seat.processedSequence,
    mayJump: seat.mayJump,
    stream: seat.stream.id,
    row: seat.row?.id ?? 0,
    groups: seat.player.groups.size === 0 ? NONE : [...seat.player.groups],
    focus: following.focus,
    data: seat.player.data,
    away: seat.presence.now.state === "away",
    knownSince: since,
    told,
    // What a handler has not answered by now nobody will: its code ends with the process.
    replies: unheardReplies(seat, unheard),
  };
}

function unheardReplies({ outbox, unanswered }: Seat, unheard: readonly ReplyPart[]): readonly ReplyPart[] {
  if (outbox === undefined && unanswered.size === 0) return unheard;
  return [...unheard, ...(outbox?.replies ?? NONE), ...[...unanswered].map(unansweredReply)];
}

function unansweredReply(sequence: number): readonly [number, number, null] {
  return [sequence, ReplyStatus.internal, null];
}
