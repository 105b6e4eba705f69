import type { Clock, Release } from "../../../shared/tick/clock.ts";
import { askForAnswer, contentLength, type HttpAnswer, plainAnswer } from "../http-answer.ts";
import {
  ListenError,
  type Listening,
  type ListenOptions,
  type Transport,
  type TransportHandlers,
  type TransportLimits,
} from "../transport.ts";
import { validTransportLimits } from "../transport-limits.ts";
import { frameCopy } from "./frame-copy.ts";
import type { MemoryConnection, MemoryConnectionContext } from "./memory-connection.ts";
import { MemoryLink } from "./memory-link.ts";
import {
  defaultRemoteAddress,
  type MemoryPeer,
  type MemoryPeerOptions,
  type MemorySocket,
} from "./memory-peer.ts";
import { Topics } from "./topics.ts";

export interface MemoryTransportOptions {
  /** Everything that travels does so in its `soon` tasks: with a clock moved by hand, when the test says so. */
  readonly clock: Clock;
  readonly limits?: Partial<TransportLimits>;
}

/** What `listen` says where any port would do: there is nothing to clash with in memory. */
const ANY_PORT = 1;

/**
 * A transport without a network, for whole games in simulated time. Nothing is lost, late or out of order
 * unless a peer asks for it (`cut`, `pauseReading`); bytes are copied at both ends, so that neither side sees
 * what the other does with its buffers. Idle connections are not closed: simulated peers answer every ping.
 *
 * @example
 * const transport = new MemoryTransport({ clock });
 * await transport.listen({ host: "memory", port: 0 }, handlers);
 * const socket = transport.connect("/arena", { opened() {}, received(bytes) {}, closed(code) {} });
 * await clock.settle();
 */
export class MemoryTransport implements Transport {
  readonly #clock: Clock;
  readonly #limits: TransportLimits;
  readonly #topics = new Topics<MemoryConnection>();
  readonly #links = new Set<MemoryLink>();
  #state: "fresh" | "listening" | "deaf" | "closed" = "fresh";
  #context: MemoryConnectionContext | undefined;

  /** @throws RangeError for a limit that makes no sense. */
  constructor({ clock, limits }: MemoryTransportOptions) {
    this.#clock = clock;
    this.#limits = validTransportLimits(limits);
  }

  /** Topics that somebody is subscribed to. */
  get topicCount(): number {
    return this.#topics.size;
  }

  async listen({ host, port }: ListenOptions, handlers: TransportHandlers): Promise<Listening> {
    if (this.#state !== "fresh") {
      throw new ListenError("This transport was started before: create another one.");
    }
    this.#state = "listening";
    this.#context = { clock: this.#clock, limits: this.#limits, handlers, topics: this.#topics };
    return { host, port: port || ANY_PORT };
  }

  publish(topic: string, frame: Uint8Array): void {
    let copy: Uint8Array | undefined;
    for (const connection of this.#topics.of(topic)) {
      copy ??= frameCopy(frame);
      connection.enqueue(copy);
    }
  }

  afterFlush(callback: () => void): Release {
    return this.#clock.soon(callback);
  }

  stopListening(): void {
    if (this.#state === "listening") this.#state = "deaf";
  }

  close(): void {
    this.#state = "closed";
    for (const link of this.#links) link.terminate();
  }

  /** A peer connects; the handshake takes place in a task of its own. `url` is a path, with a query or not. */
  connect(url: string, peer: MemoryPeer, options: MemoryPeerOptions = {}): MemorySocket {
    const link = new MemoryLink(this.#clock, peer, (gone) => this.#links.delete(gone));
    this.#links.add(link);
    this.#clock.soon(() => {
      const context = this.#reachable();
      if (context === undefined) link.unreachable();
      else link.shakeHands(context, url, options);
    });
    return link;
  }

  /** A peer asks over HTTP. Rejects, as `fetch` does, where nobody listens. */
  async request(request: Request, remoteAddress = defaultRemoteAddress): Promise<Response> {
    await new Promise<void>((resolve) => this.#clock.soon(resolve));
    const context = this.#reachable();
    if (context === undefined) throw new TypeError("nobody listens at this address");
    const body = new Uint8Array(await request.arrayBuffer());
    if (body.length > this.#limits.maxBodyBytes) {
      context.handlers.limited("maxBodyBytes", remoteAddress);
      const sentence = `The body is larger than ${this.#limits.maxBodyBytes} bytes`;
      return toResponse(request.method, plainAnswer(413, sentence));
    }
    const withBody = request.method === "GET" || request.method === "HEAD" ? null : body;
    const { method, headers, signal } = request;
    const asked = new Request(request.url, { method, headers, signal, body: withBody });
    return toResponse(method, await askForAnswer(context.handlers, asked, remoteAddress));
  }

  #reachable(): MemoryConnectionContext | undefined {
    return this.#state === "listening" ? this.#context : undefined;
  }
}

function toResponse(method: string, answer: HttpAnswer): Response {
  const headers = new Headers(answer.headers);
  const length = contentLength(method, answer);
  if (length !== undefined) headers.set("content-length", String(length));
  const { status, body } = answer;
  const bytes = body === undefined || method === "HEAD" ? null : new Uint8Array(body);
  return new Response(bytes, { status, headers });
}
