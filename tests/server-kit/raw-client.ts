import type { MemorySocket } from "../../server/transport/memory/memory-peer.ts";
import type { Game } from "../../shared/definition/game.ts";
import { type CloseDescription, closeByCode } from "../../shared/protocol/close-codes.ts";
import { decodeTrusted, encode } from "../../shared/protocol/codec.ts";
import {
  type AnyServerFrame,
  ClientFrame,
  type DeltaFrame,
  type EventPart,
  PROTOCOL_VERSION,
  type ReplyPart,
  ServerFrame,
  type TickEndFrame,
  type WelcomeFrame,
} from "../../shared/protocol/frames.ts";

type FrameName = keyof typeof ServerFrame;
type FrameOf<Name extends FrameName> = Extract<
  AnyServerFrame,
  readonly [(typeof ServerFrame)[Name], ...unknown[]]
>;

/** Everything in one welcome, by name. */
export interface Welcome {
  readonly timeline: number;
  readonly tick: number;
  readonly epoch: number;
  readonly clock: string | null;
  readonly player: number;
  readonly row: number;
  readonly stream: number;
  readonly room: string;
}

/**
 * A client without an SDK: it speaks in frames, or in any bytes, and keeps what it hears. So the server is
 * tested by the wire alone.
 */
export class RawClient {
  /** Everything received, decoded, in order. */
  readonly frames: AnyServerFrame[] = [];
  readonly sizes: number[] = [];
  /** How the connection ended. `reason` is the sentence on the wire. */
  ended:
    | { readonly code: number; readonly name: CloseDescription["name"]; readonly reason: string }
    | undefined;
  refusedWith: number | undefined;
  readonly socket: MemorySocket;
  #sequence = 0;
  /** Whether it acknowledges every tick, as a client that keeps up. */
  acknowledges = true;
  onFrame: ((frame: AnyServerFrame) => void) | undefined;

  constructor(open: (client: RawClient) => MemorySocket) {
    this.socket = open(this);
  }

  opened(): void {}

  received(bytes: Uint8Array): void {
    const frame = decodeTrusted(bytes) as AnyServerFrame;
    this.frames.push(frame);
    this.sizes.push(bytes.length);
    this.onFrame?.(frame);
    if (this.acknowledges && frame[0] === ServerFrame.tickEnd && this.ended === undefined)
      this.send([ClientFrame.ack, frame[1]]);
  }

  refused(status: number): void {
    this.refusedWith = status;
  }

  closed(code: number, reason: string): void {
    this.ended = { code, name: closeByCode(code).name, reason };
  }

  /** Keeps nothing of what it heard so far: in a long run that would be all memory. */
  forget(): void {
    this.frames.length = 0;
    this.sizes.length = 0;
  }

  /** A frame of the protocol, or any other value that is to arrive as one. */
  send(frame: readonly unknown[]): void {
    this.socket.send(encode(frame));
  }

  sendBytes(bytes: Uint8Array): void {
    this.socket.send(bytes);
  }

  hello(game: Game, join?: unknown, ticket?: string): void {
    this.send([ClientFrame.hello, PROTOCOL_VERSION, game.hash, join, ticket]);
  }

  /** The whole input for a tick. */
  input(tick: number, ...values: unknown[]): void {
    this.send([ClientFrame.input, tick, tick - 1, ...values]);
  }

  /** Sends a message by its place in the definition; returns its sequence. */
  message(index: number, payload?: unknown): number {
    return this.#call(ClientFrame.message, index, payload);
  }

  request(index: number, payload?: unknown): number {
    return this.#call(ClientFrame.request, index, payload);
  }

  leave(): void {
    this.send([ClientFrame.leave]);
  }

  /** Frames of one type, in order of arrival. */
  of<Name extends FrameName>(name: Name): FrameOf<Name>[] {
    return this.frames.filter((frame): frame is FrameOf<Name> => frame[0] === ServerFrame[name]);
  }

  get welcome(): Welcome {
    const [frame] = this.of("welcome");
    if (frame === undefined)
      throw new Error(`not welcomed, but ${JSON.stringify(this.ended ?? this.frames)}`);
    const [, timeline, tick, epoch, clock, player, row, stream, room] = frame as WelcomeFrame;
    return { timeline, tick, epoch, clock, player, row, stream, room };
  }

  /** The last tick that closed. */
  get tick(): number {
    return this.of("tickEnd").at(-1)?.[1] ?? 0;
  }

  /** Broadcast events with the tick they came in, by their place in the definition and values. */
  get events(): { readonly tick: number; readonly event: number; readonly values: unknown[] }[] {
    return this.of("tickEnd").flatMap(([, tick, , , , events]: TickEndFrame) => eventsOf(tick, events));
  }

  /** Events for this player alone. */
  get privateEvents(): { readonly tick: number; readonly event: number; readonly values: unknown[] }[] {
    return this.of("delta").flatMap(([, tick, , , , , events]: DeltaFrame) => eventsOf(tick, events));
  }

  get replies(): ReplyPart[] {
    return this.of("delta").flatMap(([, , , , , , , replies]: DeltaFrame) => replies ?? []);
  }

  /** `[inputTick, appliedTick]` of inputs that came too late. */
  get late(): (readonly [number, number])[] {
    return this.of("delta").flatMap(([, , , , , , , , late]: DeltaFrame) => pairs(late ?? []));
  }

  #call(type: number, index: number, payload: unknown): number {
    this.#sequence += 1;
    this.send([type, this.#sequence, index, payload]);
    return this.#sequence;
  }
}

function eventsOf(tick: number, events: readonly EventPart[] = []) {
  return events.map(([, event, ...values]) => ({ tick, event: event as number, values }));
}

function pairs(flat: readonly number[]): (readonly [number, number])[] {
  const result: (readonly [number, number])[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) result.push([flat[at] as number, flat[at + 1] as number]);
  return result;
}
