import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Game } from "../../shared/definition/game.ts";
import type { CloseName } from "../../shared/protocol/close-codes.ts";
import { encode } from "../../shared/protocol/codec.ts";
import { ReplyStatus } from "../../shared/protocol/frames.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import type { ServerLimits } from "../limits.ts";
import { type Containment, FAILED } from "./containment.ts";
import type { AnyRoomConfig, HookPlace } from "./define-room.ts";
import { outboxOf } from "./outbox.ts";
import { failureOf } from "./outcomes.ts";
import type { Room } from "./room.ts";
import type { Seat } from "./seat.ts";
import { isThenable } from "./thenable.ts";
import { validate } from "./validate.ts";

/** A message or request as it arrived, checked against the definition's lists. */
export interface Call {
  readonly kind: "message" | "request";
  /** See {@link Seat.voice}. */
  readonly voice: number;
  readonly sequence: number;
  readonly index: number;
  readonly payload: unknown;
}

/** What becomes of calls that fail. */
interface FailureParts {
  readonly clock: Clock;
  readonly limits: ServerLimits;
  readonly dismiss: (seat: Seat, reason: CloseName) => void;
}

/**
 * Hands players' messages and requests to the author's handlers. Whatever goes wrong fails that one call:
 * an input that does not validate, a handler that throws, a reply that is not what was declared.
 */
export class CallDispatcher {
  readonly #game: Game;
  readonly #config: AnyRoomConfig;
  readonly #containment: Containment;
  readonly #failures: FailureParts;
  readonly #messages: readonly (readonly [string, StandardSchemaV1])[];
  readonly #requests: readonly string[];

  constructor(game: Game, config: AnyRoomConfig, containment: Containment, failures: FailureParts) {
    this.#game = game;
    this.#config = config;
    this.#containment = containment;
    this.#failures = failures;
    this.#messages = Object.entries(game.spec.messages ?? {});
    this.#requests = Object.keys(game.spec.requests ?? {});
  }

  /** Takes a call that waits from now on for the next tick; the fault, where there is one, closes the connection. */
  receive(seat: Seat, received: Omit<Call, "voice">): Call | CloseName {
    const { sequence, kind, index } = received;
    const follows = sequence === seat.lastSequence + 1 || (seat.mayJump && sequence > seat.lastSequence);
    if (!follows || !this.#knows(kind, index)) return "bad-frame";
    if (seat.waitingCalls >= this.#failures.limits.maxWaitingCalls) return "rate-limited";
    seat.mayJump = false;
    seat.lastSequence = sequence;
    seat.waitingCalls += 1;
    return { ...received, voice: seat.voice };
  }

  /** Whether the definition has such a message or request. */
  #knows(kind: Call["kind"], index: number): boolean {
    return index < (kind === "message" ? this.#messages : this.#requests).length;
  }

  /** Runs inside a tick. */
  dispatch(room: Room, seat: Seat, call: Call): void {
    if (call.voice === seat.voice) seat.processedSequence = call.sequence;
    if (call.kind === "message") this.#message(room, seat, call);
    else this.#request(room, seat, call);
  }

  #message(room: Room, seat: Seat, { index, payload }: Call): void {
    const [name, schema] = this.#messages[index] as readonly [string, StandardSchemaV1];
    const where: HookPlace = { hook: "message", name };
    const outcome = this.#containment.run(where, () => {
      const parsed = validate(schema, payload);
      if (!parsed.ok) return FAILED;
      return this.#config.on?.[name]?.(room, seat.player, parsed.value);
    });
    if (outcome === FAILED) this.#onFailure(seat);
  }

  #request(room: Room, seat: Seat, { voice, index, sequence, payload }: Call): void {
    const name = this.#requests[index] as string;
    const where: HookPlace = { hook: "request", name };
    const reply = (status: number, value: unknown): void => {
      // The client that asked is gone, and the one that has the seat now numbers its own.
      if (voice !== seat.voice) return;
      seat.unanswered.delete(sequence);
      // Nothing is left out: written, it would be null.
      outboxOf(seat).replies.push(value === undefined ? [sequence, status] : [sequence, status, value]);
    };
    const failed = () => {
      reply(ReplyStatus.internal, null);
      this.#onFailure(seat);
    };
    const finish = (answer: unknown) => {
      if (this.#containment.run(where, () => reply(...this.#settle(name, answer))) === FAILED) failed();
    };

    const answer = this.#containment.run(where, () => {
      const parsed = validate(this.#game.spec.requests?.[name]?.input, payload);
      if (!parsed.ok) {
        reply(ReplyStatus.invalid, null);
        this.#onFailure(seat);
        return undefined;
      }
      const given = this.#config.requests?.[name]?.(room, seat.player, parsed.value);
      return { of: isThenable(given) ? Promise.resolve(given) : given };
    });
    if (answer === FAILED) failed();
    else if (answer?.of instanceof Promise) {
      seat.unanswered.add(sequence);
      answer.of.then(finish, (error: unknown) => {
        this.#containment.report(where, error);
        failed();
      });
    } else if (answer !== undefined) finish(answer.of);
  }

  /** Players whose calls fail again and again have to go. */
  #onFailure(seat: Seat): void {
    const { limits, clock, dismiss } = this.#failures;
    const now = clock.now();
    while ((seat.failures[0] ?? now) < now - limits.failingCallsWindowMs) seat.failures.shift();
    seat.failures.push(now);
    if (seat.failures.length >= limits.maxFailingCalls) dismiss(seat, "too-many-errors");
  }

  /** What goes over the wire for a handler's answer. */
  #settle(name: string, answer: unknown): [status: number, value: unknown] {
    const definition = this.#game.spec.requests?.[name];
    const declared = failureOf(answer);
    if (declared !== undefined) {
      const index = definition?.errors?.indexOf(declared) ?? -1;
      if (index < 0) throw new Error(`request "${name}" declares no error "${declared}"`);
      return [ReplyStatus.declared, index];
    }
    const parsed = validate(definition?.reply, answer);
    if (!parsed.ok)
      throw new Error(`the reply of request "${name}" is not what it declares: ${parsed.message}`);
    // What cannot be encoded fails this call here; in the tick's frame it would cost the player the tick.
    encode(parsed.value);
    return [ReplyStatus.ok, parsed.value];
  }
}
