import type { Clock, MonotonicMs } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import type { LimitName, ServerLimits } from "../limits.ts";
import type { HandshakeVerdict } from "../transport/transport.ts";
import { addressGroup, isLoopback } from "./address-group.ts";
import { AddressRecord, type RateName } from "./address-record.ts";
import { Visitor, VisitorFlows } from "./visitor.ts";

export interface AddressGuardParts {
  readonly clock: Clock;
  readonly limits: ServerLimits;
  readonly bus: Bus;
}

/** How often records of addresses that have gone quiet are looked for, at most. */
const SWEEP_EVERY_MS = 10_000;

/** For those who are told to come back when others have gone. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Counts what each address does and says where it is too much. Everyone who is turned away is told so: by an HTTP
 * status with `Retry-After`, or a close code. It sets no timer: records of quiet addresses go when others come.
 */
export class AddressGuard {
  readonly #parts: AddressGuardParts;
  readonly #flows: VisitorFlows;
  readonly #records = new Map<string, AddressRecord>();
  #connections = 0;
  #sweptAt: MonotonicMs;

  constructor(parts: AddressGuardParts) {
    this.#parts = parts;
    this.#flows = new VisitorFlows(parts.limits);
    this.#sweptAt = parts.clock.now();
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#records.size;
  }

  /** WebSocket connections of everybody. */
  get connections(): number {
    return this.#connections;
  }

  /** A peer connected and has said nothing yet; false cuts it. */
  connecting(address: string): boolean {
    const { limits, clock } = this.#parts;
    if (this.#isExempt(address)) return true;
    const record = this.#record(address);
    if (record.silent(clock.now()) >= limits.maxHalfOpenPerAddress) {
      this.hit("maxHalfOpenPerAddress", address);
      return false;
    }
    record.connected(clock.now());
    return true;
  }

  /** A peer that had connected has said what it wants: whatever it is answered, it is silent no more. */
  asked(address: string): void {
    if (!this.#isExempt(address)) this.#record(address).asked();
  }

  /** What a peer that {@link asked} for a WebSocket is answered. */
  handshake(address: string): HandshakeVerdict {
    const { limits } = this.#parts;
    if (this.#connections >= limits.maxConnections) {
      this.hit("maxConnections", address);
      return refusal(503, "The server has as many connections as it takes. Try again in a moment.");
    }
    if (this.#isExempt(address)) return { verdict: "accept" };
    const record = this.#record(address);
    const limit =
      record.connections >= limits.maxConnectionsPerAddress
        ? "maxConnectionsPerAddress"
        : record.greetings >= limits.maxGreetingsPerAddress
          ? "maxGreetingsPerAddress"
          : undefined;
    if (limit === undefined) return { verdict: "accept" };
    this.hit(limit, address);
    return refusal(429, "Your address has too many connections. Close some, or try again in a moment.");
  }

  /** An accepted WebSocket is open. */
  open(address: string): Visitor {
    const { clock } = this.#parts;
    const record = this.#record(address);
    const exempt = this.#isExempt(address);
    record.connections += 1;
    record.greetings += 1;
    this.#connections += 1;
    const take = (rate: RateName): boolean => exempt || record.take(rate, clock.now());
    return new Visitor(
      {
        hit: (limit) => this.hit(limit, address),
        mayJoin: () => take("joinsPerAddressPerSecond"),
        mayMakeRoom: () => take("roomsPerAddressPerMinute"),
        greeted: () => {
          record.greetings -= 1;
        },
        gone: () => {
          record.connections -= 1;
          this.#connections -= 1;
        },
      },
      clock,
      this.#flows,
    );
  }

  /** An HTTP request. Seconds after which to try again, where there are too many. */
  request(address: string): number | undefined {
    this.asked(address);
    return this.#taken("requestsPerAddressPerSecond", address);
  }

  /** A room that is ordered over HTTP. Seconds after which to try again, where there are too many. */
  room(address: string): number | undefined {
    return this.#taken("roomsPerAddressPerMinute", address);
  }

  /** Whether a room could be ordered; it takes nothing. */
  mayMakeRooms(address: string): boolean {
    if (this.#isExempt(address)) return true;
    return this.#record(address).waitMs("roomsPerAddressPerMinute", this.#parts.clock.now()) === 0;
  }

  /** A seat that is asked for over HTTP. Seconds after which to try again, where there are too many. */
  join(address: string): number | undefined {
    return this.#taken("joinsPerAddressPerSecond", address);
  }

  /** Tells the bus, once a second for one address and limit. */
  hit(limit: LimitName, address: string): void {
    const count = this.#record(address).hit(limit, this.#parts.clock.now());
    if (count > 0) this.#parts.bus.emit("limited", { limit, address, count });
  }

  #taken(rate: RateName, address: string): number | undefined {
    const now = this.#parts.clock.now();
    if (this.#isExempt(address)) return undefined;
    const record = this.#record(address);
    if (record.take(rate, now)) return undefined;
    this.hit(rate, address);
    return Math.max(1, Math.ceil(record.waitMs(rate, now) / 1000));
  }

  #isExempt(address: string): boolean {
    return this.#parts.limits.loopback === "exempt" && isLoopback(address);
  }

  #record(address: string): AddressRecord {
    const group = addressGroup(address);
    const known = this.#records.get(group);
    if (known !== undefined) return known;
    this.#sweep();
    const record = new AddressRecord(this.#parts.limits);
    this.#records.set(group, record);
    return record;
  }

  #sweep(): void {
    const now = this.#parts.clock.now();
    if (now - this.#sweptAt < SWEEP_EVERY_MS) return;
    this.#sweptAt = now;
    for (const [address, record] of this.#records) {
      if (!record.isIdle(now)) continue;
      this.#records.delete(address);
      for (const [limit, count] of record.untold())
        this.#parts.bus.emit("limited", { limit, address, count });
    }
  }
}

function refusal(status: 429 | 503, reason: string): HandshakeVerdict {
  return { verdict: "refuse", status, reason, retryAfterSeconds: RETRY_AFTER_SECONDS };
}
