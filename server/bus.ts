import { EventEmitter } from "node:events";
import type TypedEmitter from "typed-emitter";
import type { RecordingEnd } from "../shared/recording/format.ts";
import type { OutOfRangeWarning } from "../shared/state/committed-state.ts";
import type { Release } from "../shared/tick/clock.ts";
import type { CheckpointFailure } from "./checkpoint/room-checkpoint.ts";
import type { CutOffReason, NodeStateName } from "./cluster/node/node-state.ts";
import type { DisownReason } from "./cluster/node/room-records.ts";
import type { EventDrop } from "./events/event-hub.ts";
import type { LimitName } from "./limits.ts";
import type { HookPlace, LeaveReason } from "./room/define-room.ts";
import type { ImageKind } from "./room/image/room-image.ts";
import type { PresenceName, ResyncCause } from "./room/presence.ts";
import type { TicketFault } from "./tickets/ticket-faults.ts";

/** Names one room in events. */
export interface RoomName {
  readonly id: string;
  readonly game: string;
}

/** What one tick cost, in milliseconds since its step began, and what it sent. */
export interface TickReport {
  readonly room: RoomName;
  readonly tick: number;
  readonly players: number;
  readonly latenessMs: number;
  /** Phases, one after the other: arrivals and the game's own `tick`, comparing and committing, encoding and publishing. */
  readonly stepMs: number;
  readonly commitMs: number;
  readonly publishMs: number;
  /** Frames encoded, and their bytes, before the transport's fan-out. */
  readonly frames: number;
  readonly bytes: number;
  /** Of these frames those that say a stream as a whole, for whoever begins to follow it. */
  readonly keyframes: number;
}

/** Everything that happens on a server. Listeners are told afterwards and cannot change it. */
export type ServerEvents = {
  /** The server takes connections. */
  listening: (event: { readonly host: string; readonly port: number }) => void;
  /** Who connects from now on gets another certificate. */
  certificateRenewed: (event: { readonly validTo: string }) => void;
  /** The certificate's files have changed and cannot be used: the one in use stays. */
  certificateRefused: (event: { readonly reason: string }) => void;
  /** Nobody new comes in; the rooms close when they are empty, or when the time is over. */
  draining: (event: { readonly rooms: number; readonly players: number; readonly withinMs: number }) => void;
  /** The rooms are being closed. */
  stopping: (event: { readonly rooms: number; readonly players: number }) => void;
  /** A room begins to tick. */
  roomCreated: (event: { readonly room: RoomName }) => void;
  /** A room ticks no more, after so many ticks. */
  roomClosed: (event: { readonly room: RoomName; readonly reason: string; readonly ticks: number }) => void;
  /** The room goes on where it was saved; its players are away until they are back. */
  roomRestored: (event: {
    readonly room: RoomName;
    /** The first of the new timeline. */
    readonly tick: number;
    readonly timeline: number;
    readonly kind: ImageKind;
    readonly players: readonly number[];
    /** How old the checkpoint was. */
    readonly ageMs: number;
  }) => void;
  /** `exact`: the last one, behind which the room stopped. */
  checkpointSaved: (event: {
    readonly room: RoomName;
    readonly tick: number;
    readonly kind: ImageKind;
    readonly bytes: number;
    /** Between two ticks, in this thread. */
    readonly captureMs: number;
    /** Until the store had it. */
    readonly writeMs: number;
  }) => void;
  /** The room's checkpoint is the one before, or none; it is tried again. */
  checkpointFailed: (event: {
    readonly room: RoomName;
    readonly reason: CheckpointFailure;
    readonly message: string;
  }) => void;
  /** What a store has of a room cannot be used. It is left there. */
  checkpointRefused: (event: { readonly room: RoomName; readonly message: string }) => void;
  /** A connection went from one state to another. */
  sessionChanged: (event: { readonly session: number; readonly from: string; readonly to: string }) => void;
  /** A connection ended, with which code and in which state. */
  sessionClosed: (event: {
    readonly session: number;
    readonly address: string;
    /** What it asked for, without its query. */
    readonly path: string;
    readonly openMs: number;
    readonly code: number;
    readonly name: string;
    readonly during: string;
  }) => void;
  /** A player took a seat. */
  playerJoined: (event: { readonly room: RoomName; readonly player: number }) => void;
  /** How a seat stands to its room: entering, following, stalled, returning, away, gone. */
  presenceChanged: (event: {
    readonly room: RoomName;
    readonly player: number;
    readonly from: PresenceName;
    readonly to: PresenceName;
    /** Of a stall or a return its cause, of an absence the reason for which the connection ended. */
    readonly why: ResyncCause | LeaveReason | undefined;
  }) => void;
  /** A player's stay ended. */
  playerLeft: (event: {
    readonly room: RoomName;
    readonly player: number;
    readonly reason: LeaveReason;
  }) => void;
  /** A room's tick was computed and published. */
  tickDone: (event: TickReport) => void;
  /** Everything of that tick was handed to the kernel, so long after its step began. */
  tickFlushed: (event: {
    readonly room: RoomName;
    readonly tick: number;
    readonly flushedMs: number;
  }) => void;
  /** A room was too late to catch up: from `tick` on its time is moved by `skippedMs`. */
  tickSlipped: (event: {
    readonly room: RoomName;
    readonly tick: number;
    readonly skippedMs: number;
  }) => void;
  /** An input came after its tick and acts in a later one. */
  inputLate: (event: {
    readonly room: RoomName;
    readonly player: number;
    readonly inputTick: number;
    readonly appliedTick: number;
  }) => void;
  /** Author's code failed. */
  hookFailed: (event: {
    readonly room: RoomName;
    readonly where: HookPlace;
    readonly error: unknown;
  }) => void;
  /** A value did not fit its field and was clamped; told once a field. */
  outOfRange: (event: { readonly room: RoomName } & OutOfRangeWarning) => void;
  /** Matchmaking gave out a ticket, and keeps a seat for it. */
  ticketIssued: (event: { readonly room: RoomName }) => void;
  /** Somebody came with a ticket that lets nobody in, or without one where it takes one. */
  ticketRefused: (event: {
    readonly game: string;
    readonly fault: TicketFault;
    readonly address: string;
  }) => void;
  /** Pages of this origin may not connect, by the setting `origins`; told once an origin, and of 16 at most. */
  originRefused: (event: { readonly origin: string }) => void;
  /** Somebody was turned away, or slowed down, by a limit: so many times since this was last told of that address. */
  limited: (event: { readonly limit: LimitName; readonly address: string; readonly count: number }) => void;
  /** For `maxOverrunMs` each tick of a room took longer than its period. */
  roomOverran: (event: {
    readonly room: RoomName;
    readonly tick: number;
    readonly tickMs: number;
    readonly periodMs: number;
  }) => void;
  /** How this node stands to its cluster. */
  nodeChanged: (event: {
    readonly node: string;
    /** The last that it had; 0 before the first. */
    readonly epoch: number;
    readonly from: NodeStateName;
    readonly to: NodeStateName;
    readonly why: CutOffReason | undefined;
  }) => void;
  /** Whether the directory of the cluster answers. */
  directoryChanged: (event: {
    readonly state: "available" | "unavailable" | "closed";
    readonly reason: string | undefined;
  }) => void;
  /** The directory says that the room is this node's, under that epoch. */
  roomOwned: (event: { readonly room: string; readonly epoch: number }) => void;
  /** The directory says that another node owns the room: it stops here. */
  roomDisowned: (event: { readonly room: RoomName; readonly reason: DisownReason }) => void;
  /** An event between servers was not heard by somebody who may have waited for it. */
  clusterEventDropped: (event: {
    readonly declaration: string;
    readonly event: string;
    readonly why: EventDrop;
  }) => void;
  /**
   * `shut`: the node's lease is about to end, and so many rooms stand still; `open`: they go on, but for those that are
   * another node's by now.
   */
  fenceChanged: (event: { readonly state: "shut" | "open"; readonly rooms: number }) => void;
  /** The room of another node, which is gone or gave it away, goes on here, under that epoch of the directory. */
  roomTakenOver: (event: {
    readonly room: RoomName;
    /** This one. */
    readonly node: string;
    readonly epoch: number;
    readonly timeline: number;
  }) => void;
  /** A room without an owner could not be restored: its players are told that there is none. */
  roomForgotten: (event: { readonly room: RoomName; readonly message: string }) => void;
  /** The room was given to another node; `undefined` where none took it, and whoever claims it has it. */
  roomMoved: (event: {
    readonly room: RoomName;
    readonly node: string | undefined;
    /** Its last tick here. */
    readonly tick: number;
    /** Whether it ticked there when its players were told to go. */
    readonly isThere: boolean;
    /** From its last tick until they were told. */
    readonly tookMs: number;
  }) => void;
  /** Somebody at the dashboard did something; `text` says what, in a sentence. */
  operatorActed: (event: {
    readonly room: RoomName;
    readonly action: string;
    readonly address: string;
    readonly text: string;
  }) => void;
  /** A room is recorded from now on. */
  recordingBegan: (event: { readonly room: RoomName; readonly file: string }) => void;
  /** It is not recorded any more, and what was recorded is on the disk. */
  recordingEnded: (event: {
    readonly room: RoomName;
    readonly file: string;
    readonly end: RecordingEnd;
    readonly ticks: number;
    readonly bytes: number;
    /** Where the disk failed. */
    readonly error?: unknown;
  }) => void;
  /** A listener of this bus threw. */
  listenerFailed: (event: { readonly event: string; readonly error: unknown }) => void;
  /** A fault of the server itself. */
  transportFailed: (event: { readonly where: string; readonly error: unknown }) => void;
};

/** The name of something that happens on a server. */
export type ServerEventName = keyof ServerEvents;

/**
 * The spine: the core emits, everything else listens, and each listener can be removed without anyone
 * noticing. A listener that throws becomes a `listenerFailed` event and never unwinds into a tick.
 */
export class Bus {
  readonly #emitter = new EventEmitter() as TypedEmitter.default<ServerEvents>;

  constructor() {
    // Every metric and feed is a listener of its own: many are no leak.
    this.#emitter.setMaxListeners(0);
  }

  /** Tells `listener` of every such event from now on. */
  on<Name extends ServerEventName>(name: Name, listener: ServerEvents[Name]): Release {
    this.#emitter.on(name, listener);
    return () => void this.#emitter.off(name, listener);
  }

  /** Whether anyone listens: reports that cost something to make are made only then. */
  hears(name: ServerEventName): boolean {
    return this.#emitter.listenerCount(name) > 0;
  }

  /** Tells all listeners, in the order in which they came. */
  emit<Name extends ServerEventName>(name: Name, event: Parameters<ServerEvents[Name]>[0]): void {
    for (const listener of this.#emitter.listeners(name)) {
      try {
        const result: unknown = (listener as (event: Parameters<ServerEvents[Name]>[0]) => unknown)(event);
        // Types let an async listener pass as one that returns nothing; its rejection would end the process.
        if (result instanceof Promise) result.catch((error: unknown) => this.#failed(name, error));
      } catch (error) {
        this.#failed(name, error);
      }
    }
  }

  /** Listeners of `listenerFailed` may fail, too: that ends here, or it would never. */
  #failed(name: ServerEventName, error: unknown): void {
    if (name !== "listenerFailed") this.emit("listenerFailed", { event: name, error });
  }
}
