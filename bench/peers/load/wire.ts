import type { WelcomeFrame } from "../../../shared/protocol/frames.ts";

/** What a client does when it has heard something. */
export interface Voice {
  sendBinary(payload: Uint8Array): void;
  sendText(text: string): void;
  /** The server said who it is and when its ticks began: Tickcast's frame, wrapped as the peer wraps things. */
  welcomed(welcome: WelcomeFrame): void;
  /**
   * The state of a tick arrived whole. `begunAt` is when the server began that tick, where its frames say
   * so: a peer with a loop of its own has no other intended time.
   */
  ticked(tick: number, begunAt: number | undefined): void;
  /** The server said what it must not, or that it will not have this client. */
  lost(why: string): void;
}

/**
 * A peer's protocol, as much of it as a lean client needs: to get in, to answer heartbeats, and to read from
 * each message its tick, without decoding it. Nothing is kept from message to message.
 */
export interface Wire {
  /**
   * Where the next client's WebSocket connects. A peer with seats is asked for one.
   *
   * @param room the name of the scenario
   * @param join what the client joins with
   */
  seat(origin: string, room: string, join: unknown): Promise<string>;
  /** What a client sends again and again; the server answers it with some twenty bytes. */
  readonly inbound: Uint8Array;
  /** What a client sends to steer, as a step of 256 of a full turn; absent where nobody steers. */
  steering?(heading: number): Uint8Array;
  /** A binary message of `length` bytes from `at` on; the first 256 of them can be read. */
  binary(bytes: Uint8Array, at: number, length: number, voice: Voice): void;
  /** A text message; absent where none is sent. */
  text?(text: string, voice: Voice): void;
}
