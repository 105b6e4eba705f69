import type {
  Connection,
  ConnectionListener,
  HandshakeRequest,
  HandshakeVerdict,
  Transport,
  TransportHandlers,
  TransportLimits,
} from "../transport.ts";

/** Small, so that every limit is within reach of a test. */
export const contractLimits: TransportLimits = {
  maxMessageBytes: 1_000,
  maxBodyBytes: 1_000,
  maxBufferedBytes: 100_000,
  idleTimeoutSeconds: 32,
};

/** A peer under the contract: what it saw, and what it can do. */
export interface ContractPeer {
  /** Every frame so far, as UTF-8 text: frames of these tests are names. */
  readonly received: string[];
  readonly closed: { readonly code: number; readonly reason: string }[];
  /** HTTP status of a refused handshake. */
  readonly refused: number[];
  send(bytes: Uint8Array): void;
  sendText(text: string): void;
  close(code?: number, reason?: string): void;
  cut(): void;
  pauseReading(): void;
  resumeReading(): void;
}

/** What an implementation brings to be held to the contract. */
export interface ContractHarness {
  readonly transport: Transport;
  /** After `transport.listen`. Resolves when the peer is open, or was refused. */
  connect(path: string, options?: { readonly origin?: string }): Promise<ContractPeer>;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Lets everything happen until `condition` holds; fails if that never comes. */
  until(condition: () => boolean): Promise<void>;
}

/** What happened on one connection, in order: `message hello`, `text`, `drained`, `dropped`, `closed 1000 bye`. */
export interface Seat {
  readonly connection: Connection;
  readonly request: HandshakeRequest;
  readonly log: string[];
}

/** A server of the contract: records everything and does what a test puts into its fields. */
export class ContractServer implements TransportHandlers {
  readonly seats: Seat[] = [];
  readonly failures: { readonly error: unknown; readonly where: string }[] = [];
  /** Requests over HTTP so far. */
  asked = 0;
  /** Addresses that connected, and limits that were hit, by whom. */
  readonly connected: string[] = [];
  readonly limits: string[] = [];
  lets: (remoteAddress: string) => boolean = () => true;
  verdict: (request: HandshakeRequest) => HandshakeVerdict = () => ({ verdict: "accept" });
  opened: (seat: Seat) => void = () => {};
  answer: TransportHandlers["http"] = () => new Response(null, { status: 404 });
  listener: (seat: Seat) => Partial<ConnectionListener> = () => ({});

  connecting(remoteAddress: string): boolean {
    this.connected.push(remoteAddress);
    return this.lets(remoteAddress);
  }

  limited(limit: string, remoteAddress: string): void {
    this.limits.push(`${limit} ${remoteAddress}`);
  }

  handshake(request: HandshakeRequest): HandshakeVerdict {
    return this.verdict(request);
  }

  open(connection: Connection, request: HandshakeRequest): ConnectionListener {
    const seat: Seat = { connection, request, log: [] };
    this.seats.push(seat);
    this.opened(seat);
    const own = this.listener(seat);
    return {
      message: (bytes) => {
        seat.log.push(`message ${new TextDecoder().decode(bytes)}`);
        own.message?.(bytes);
      },
      text: () => {
        seat.log.push("text");
        own.text?.();
      },
      control: (bytes) => {
        seat.log.push(`control ${bytes}`);
        own.control?.(bytes);
      },
      drained: () => {
        seat.log.push("drained");
        own.drained?.();
      },
      dropped: () => {
        seat.log.push("dropped");
        own.dropped?.();
      },
      closed: (code, reason) => {
        seat.log.push(`closed ${code} ${reason}`);
        own.closed?.(code, reason);
      },
    };
  }

  http(request: Request, remoteAddress: string): Response | Promise<Response> {
    this.asked++;
    return this.answer(request, remoteAddress);
  }

  failed(error: unknown, where: string): void {
    this.failures.push({ error, where });
  }

  seat(index: number): Seat {
    const seat = this.seats[index];
    if (seat === undefined) throw new Error(`there is no seat ${index}`);
    return seat;
  }
}

/** The bytes of a frame whose content is its name. */
export function frame(name: string, bytes = name.length): Uint8Array {
  return new TextEncoder().encode(name.padEnd(bytes, "."));
}

/** One transport for each test, with a server that listens on it. */
export class ContractRun {
  readonly #makeHarness: () => ContractHarness;
  #current: { readonly harness: ContractHarness; readonly server: ContractServer } | undefined;

  constructor(makeHarness: () => ContractHarness) {
    this.#makeHarness = makeHarness;
  }

  async start(): Promise<void> {
    const current = { harness: this.#makeHarness(), server: new ContractServer() };
    this.#current = current;
    await current.harness.transport.listen({ host: "127.0.0.1", port: 0 }, current.server);
  }

  get harness(): ContractHarness {
    return this.#started().harness;
  }

  get server(): ContractServer {
    return this.#started().server;
  }

  /** A peer that was accepted, and its seat at the server. */
  async join(): Promise<Seat & { readonly peer: ContractPeer }> {
    const peer = await this.harness.connect("/room");
    return { peer, ...this.server.seat(this.server.seats.length - 1) };
  }

  #started() {
    if (this.#current === undefined) throw new Error("the run has not started");
    return this.#current;
  }
}
