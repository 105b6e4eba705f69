import { Complaint } from "../../../../shared/complaint.ts";
import { ChannelListeners } from "../channel-listeners.ts";
import { type ClusterBus, type Sent, validateMessage } from "../cluster-bus.ts";

export interface RedisBusOptions {
  /** As of the directory. */
  readonly url: string;
  /** As of the directory: two prefixes are two buses. */
  readonly prefix: string;
  readonly onError: (error: unknown) => void;
}

/** Messages that wait for Redis to take them. Beyond: they are dropped, for what is said now matters more than what waited. */
const MOST_WAITING = 1_000;

const LONGEST_RETRY_MS = 1_000;

const CONNECT_MS = 2_000;

/**
 * Connects a bus over Redis' publish and subscribe: two connections, for one that subscribes can do nothing else. Both come
 * back by themselves, with their subscriptions.
 *
 * @throws Complaint where nothing answers there
 */
export async function connectRedisBus(options: RedisBusOptions): Promise<ClusterBus> {
  const { createClient } = await import("redis");
  const { url, onError } = options;
  const makeClient = () => {
    const client = createClient({
      ...(url.startsWith("/") ? {} : { url }),
      socket: {
        ...(url.startsWith("/") && { path: url, tls: false }),
        connectTimeout: CONNECT_MS,
        reconnectStrategy: (attempt: number) => Math.min(LONGEST_RETRY_MS, 50 * 2 ** attempt),
      },
      commandsQueueMaxLength: MOST_WAITING,
      disableOfflineQueue: true,
      maintNotifications: "disabled",
    });
    // The directory's connection tells that Redis is away; here it would be told twice more.
    client.on("error", () => {});
    return client;
  };
  const [sender, receiver] = [makeClient(), makeClient()];
  try {
    await Promise.race([
      Promise.all([sender.connect(), receiver.connect()]),
      new Promise((_, reject) => setTimeout(reject, CONNECT_MS, new Error("no answer in time")).unref()),
    ]);
  } catch (error) {
    for (const client of [sender, receiver]) client.destroy();
    throw new Complaint(`No cluster bus where the directory is: ${(error as Error).message}.`);
  }
  return new RedisBus(sender, receiver, options.prefix, onError);
}

/** What of the package's client is used. */
interface Sender {
  readonly isReady: boolean;
  publish(channel: string, message: string): Promise<unknown>;
  destroy(): void;
}

interface Receiver {
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: "ready", listener: () => void): unknown;
  destroy(): void;
}

class RedisBus implements ClusterBus {
  readonly #sender: Sender;
  readonly #receiver: Receiver;
  readonly #prefix: string;
  readonly #listeners: ChannelListeners;
  #waiting = 0;
  #isClosed = false;

  constructor(sender: Sender, receiver: Receiver, prefix: string, onError: (error: unknown) => void) {
    this.#sender = sender;
    this.#receiver = receiver;
    this.#prefix = `{${prefix}}:bus:`;
    this.#listeners = new ChannelListeners(onError);
  }

  publish(channel: string, message: string): Sent {
    validateMessage(channel, message);
    if (this.#isClosed || !this.#sender.isReady || this.#waiting >= MOST_WAITING) return "dropped";
    this.#waiting += 1;
    const done = (): void => {
      this.#waiting -= 1;
    };
    // What Redis did not take is lost, as with any message of the bus.
    this.#sender.publish(this.#prefix + channel, message).then(done, done);
    return "sent";
  }

  subscribe(channel: string, listener: (message: string) => void) {
    const own = (message: string): void => listener(message);
    const isFirst = this.#listeners.add(channel, own);
    const ready = isFirst ? this.#hear(channel) : Promise.resolve();
    const release = (): void => {
      if (!this.#listeners.remove(channel, own) || this.#isClosed) return;
      this.#receiver.unsubscribe(this.#prefix + channel).catch(() => {});
    };
    return { ready, release };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.clear();
    this.#sender.destroy();
    this.#receiver.destroy();
  }

  async #hear(channel: string): Promise<void> {
    while (!this.#isClosed && this.#listeners.has(channel)) {
      try {
        await this.#receiver.subscribe(this.#prefix + channel, (message) =>
          this.#listeners.tell(channel, message),
        );
        return;
      } catch {
        // It is out of reach: when it is back, or soon, it is asked again.
        await new Promise<void>((resolve) => setTimeout(resolve, LONGEST_RETRY_MS / 4).unref());
      }
    }
  }
}
