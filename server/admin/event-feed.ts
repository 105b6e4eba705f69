import type { RecordingEnd } from "../../shared/recording/format.ts";
import type { Release } from "../../shared/tick/clock.ts";
import type { Bus, RoomName } from "../bus.ts";
import type { FeedEvent, FeedLevel } from "./answers.ts";

/** Events that are kept. Warnings and errors have a place of their own: a storm of joins does not wash them away. */
const MOST_USUAL = 400;
const MOST_TROUBLE = 200;
const MOST_DETAIL = 4_000;

/** Ends of connections of which other events tell: of a player, or of a whole room. */
const USUAL_ENDS = new Set([
  "left",
  "kicked",
  "replaced",
  "room-closed",
  "room-failed",
  "room-restarting",
  "server-stopping",
  "normal",
  "going-away",
  "no-status",
  "abnormal",
]);

export interface EventFeedParts {
  readonly bus: Bus;
  readonly timeOfDay: () => number;
  /** The tick that a room is in. */
  readonly tickOf: (roomId: string) => number | undefined;
}

type Told = Pick<FeedEvent, "name" | "level" | "text"> & {
  readonly room?: RoomName;
  readonly error?: unknown;
};

/** A bus subscriber: what happened lately that a person may want to know, in sentences. */
export class EventFeed {
  readonly #parts: EventFeedParts;
  readonly #releases: readonly Release[];
  #usual: FeedEvent[] = [];
  #trouble: FeedEvent[] = [];
  #sequence = 0;

  constructor(parts: EventFeedParts) {
    this.#parts = parts;
    this.#releases = this.#listen(parts.bus);
  }

  /** What came after an event, oldest first. */
  since(sequence: number): readonly FeedEvent[] {
    return [...this.#usual, ...this.#trouble]
      .filter((event) => event.sequence > sequence)
      .sort((a, b) => a.sequence - b.sequence);
  }

  release(): void {
    for (const release of this.#releases) release();
  }

  #listen(bus: Bus): Release[] {
    return [
      bus.on("roomCreated", ({ room }) => this.#tell("roomCreated", "info", "The room opened.", room)),
      bus.on("roomClosed", ({ room, reason, ticks }) =>
        this.#tell(
          "roomClosed",
          reason === "room-failed" ? "error" : "info",
          `The room closed after ${ticks} ticks: ${reason}.`,
          room,
        ),
      ),
      bus.on("recordingBegan", ({ room }) =>
        this.#tell("recordingBegan", "info", "The room is recorded from now on.", room),
      ),
      bus.on("recordingEnded", ({ room, end, error }) =>
        this.#tell(
          "recordingEnded",
          levelOfEnd(end),
          `The room's recording ended: ${end}${error === undefined ? "" : `, ${String(error)}`}.`,
          room,
        ),
      ),
      bus.on("playerJoined", ({ room, player }) =>
        this.#tell("playerJoined", "info", `Player ${player} joined.`, room),
      ),
      bus.on("playerLeft", ({ room, player, reason }) =>
        this.#tell("playerLeft", "info", `Player ${player} left: ${reason}.`, room),
      ),
      bus.on("presenceChanged", ({ room, player, from, to, why }) => {
        const name = "presenceChanged";
        if (to === "stalled") this.#tell(name, "warning", `Player ${player} fell behind: ${why}.`, room);
        else if (to === "away") this.#tell(name, "info", `Player ${player} is away: ${why}.`, room);
        else if (from === "returning" && to === "following")
          this.#tell(name, "info", `Player ${player} is back, with everything since then.`, room);
      }),
      bus.on("sessionClosed", ({ address, code, name }) => {
        if (!USUAL_ENDS.has(name))
          this.#tell("sessionClosed", "warning", `A connection from ${address} ended: ${name} (${code}).`);
      }),
      bus.on("tickSlipped", ({ room, tick, skippedMs }) =>
        this.#tell(
          "tickSlipped",
          "warning",
          `Tick ${tick} slipped by ${Math.round(skippedMs)} ms: the room could not keep up.`,
          room,
        ),
      ),
      bus.on("outOfRange", ({ room, table, field, row, value, bounds }) =>
        this.#tell(
          "outOfRange",
          "warning",
          `${table}.${field} of row ${row} was ${String(value).slice(0, 60)}, clamped to ${bounds} (told once).`,
          room,
        ),
      ),
      bus.on("hookFailed", ({ room, where, error }) => {
        const hook = "name" in where ? `${where.hook} "${where.name}"` : where.hook;
        this.#fail("hookFailed", `The game's ${hook} failed: ${messageOf(error)}`, error, room);
      }),
      bus.on("listenerFailed", ({ event, error }) =>
        this.#fail("listenerFailed", `A listener of "${event}" failed: ${messageOf(error)}`, error),
      ),
      bus.on("transportFailed", ({ where, error }) =>
        this.#fail("transportFailed", `An error in ${where}: ${messageOf(error)}`, error),
      ),
      bus.on("certificateRefused", ({ reason }) =>
        this.#tell("certificateRefused", "warning", `The certificate in use stays. ${reason}`),
      ),
      bus.on("operatorActed", ({ room, text }) => this.#tell("operatorActed", "info", text, room)),
      bus.on("stopping", () => this.#tell("stopping", "warning", "The server is stopping.")),
    ];
  }

  #tell(name: string, level: FeedLevel, text: string, room?: RoomName): void {
    this.#add({ name, level, text, ...(room && { room }) });
  }

  #fail(name: string, text: string, error: unknown, room?: RoomName): void {
    this.#add({ name, level: "error", text, error, ...(room && { room }) });
  }

  #add({ room, error, ...told }: Told): void {
    const event: FeedEvent = {
      sequence: ++this.#sequence,
      at: this.#parts.timeOfDay(),
      ...told,
      detail: error instanceof Error ? (error.stack ?? "").slice(0, MOST_DETAIL) || null : null,
      room: room === undefined || room.id === "" ? null : { ...room },
      tick: (room && this.#parts.tickOf(room.id)) ?? null,
    };
    if (event.level === "info") this.#usual = kept(this.#usual, event, MOST_USUAL);
    else this.#trouble = kept(this.#trouble, event, MOST_TROUBLE);
  }
}

/** Cut once it is twice as long as it may be, not at every event. */
function kept(events: FeedEvent[], event: FeedEvent, most: number): FeedEvent[] {
  events.push(event);
  return events.length >= 2 * most ? events.slice(-most) : events;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function levelOfEnd(end: RecordingEnd): FeedLevel {
  if (end === "room-closed" || end === "stopped") return "info";
  return end === "disk-failed" ? "error" : "warning";
}
