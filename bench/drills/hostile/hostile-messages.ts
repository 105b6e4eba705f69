import type { Game } from "../../../shared/definition/game.ts";
import { scanMessage } from "../../../shared/protocol/byte-scanner.ts";
import { encode } from "../../../shared/protocol/codec.ts";
import { ClientFrame, PROTOCOL_VERSION } from "../../../shared/protocol/frames.ts";
import type { Random } from "../../../shared/random/seeded-random.ts";

export type FrameType = keyof typeof ClientFrame;
export const frameTypes = Object.keys(ClientFrame) as FrameType[];

/** What a valid frame of the moment would hold. */
export interface Moment {
  /** The tick that runs next. */
  readonly tick: number;
  /** The number of the player's next call. */
  readonly sequence: number;
}

const EDGE_NUMBERS = [
  ...[
    0,
    1,
    -1,
    2,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    2 ** 31,
    -(2 ** 31),
    2 ** 32,
    0.5,
    -0.5,
    1e-300,
    1e300,
  ],
  ...[Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 53, Number.MAX_VALUE, -0],
];

const EDGE_TEXTS = [
  ...[
    "",
    "a",
    "constructor",
    "toString",
    "then",
    "toJSON",
    "../..",
    "\u0000",
    "\ufeff",
    "é".repeat(60),
    "😀",
  ],
  ...["x".repeat(1_000), "x".repeat(4_000), "<script>", "%00", "' or 1=1 --"],
];

/** Makes what hostile clients send, from a seed. */
export class HostileMessages {
  readonly #random: Random;
  readonly #game: Game;

  constructor(random: Random, game: Game) {
    this.#random = random;
    this.#game = game;
  }

  /** A frame of that type with up to three of its parts changed; the scanner lets it pass. */
  mutated(type: FrameType, moment: Moment): Uint8Array {
    for (;;) {
      let frame: unknown = this.#valid(type, moment);
      // Some stay as they are: a fuzz in which nothing ever works looks at the first check alone.
      for (let changes = this.#below(4); changes > 0; changes--) frame = this.#change(frame, true);
      const bytes = encode(frame).slice();
      if (scanMessage(bytes).ok) return bytes;
    }
  }

  /** A frame as the protocol wants it whose last value is perhaps not what the game wants. */
  misused(type: FrameType, moment: Moment): Uint8Array {
    for (;;) {
      const frame = this.#valid(type, moment);
      if (this.#below(2) === 0) frame.push(this.#change(frame.pop()));
      const bytes = encode(frame).slice();
      if (scanMessage(bytes).ok) return bytes;
    }
  }

  /** Bytes that may be anything: noise, valid frames damaged in transit, promises that are not kept. */
  noise(moment: Moment): Uint8Array {
    const frame = encode(this.#valid(this.#pick(frameTypes), moment)).slice();
    switch (this.#below(8)) {
      case 0:
        return Uint8Array.from({ length: this.#below(64) }, () => this.#below(256));
      case 1:
        for (let flips = 1 + this.#below(3); flips > 0; flips--)
          frame[this.#below(frame.length)] = this.#below(256);
        return frame;
      case 2:
        return frame.slice(0, this.#below(frame.length));
      case 3:
        return Uint8Array.of(...frame, ...Array.from({ length: 1 + this.#below(4) }, () => this.#below(256)));
      case 4:
        return new Uint8Array(1 + this.#below(2_000)).fill(this.#pick([0x91, 0x81, 0xc4, 0xc1, 0xd4, 0xc7]));
      case 5:
        return Uint8Array.of(
          this.#pick([0xdd, 0xdf, 0xdb, 0xc6]),
          0xff,
          0xff,
          0xff,
          this.#below(256),
          ...frame,
        );
      case 6:
        return Uint8Array.of(0x92, this.#below(8), 0xa2, this.#below(256), this.#below(256));
      default:
        // One in eight of one in eight is more than the server takes.
        return new Uint8Array(this.#below(8) === 0 ? 20_000 : 2_000 + this.#below(10_000)).fill(0xc0);
    }
  }

  #valid(type: FrameType, { tick, sequence }: Moment): unknown[] {
    switch (type) {
      case "hello":
        return [ClientFrame.hello, PROTOCOL_VERSION, this.#game.hash, { name: "mallory" }, null, null, 0];
      case "input":
        return [
          ClientFrame.input,
          tick + this.#below(4),
          tick - 0.5,
          this.#below(200) - 100,
          this.#below(2) === 0,
        ];
      case "message":
        return this.#pick<unknown[]>([
          [ClientFrame.message, sequence, 0, { text: "hello" }],
          [ClientFrame.message, sequence, 1, { does: "something" }],
        ]);
      case "request":
        return this.#pick<unknown[]>([
          [ClientFrame.request, sequence, 0, { a: this.#below(100), b: 2 }],
          [ClientFrame.request, sequence, 1, { does: "something" }],
        ]);
      case "ping":
        return [ClientFrame.ping, this.#random() * 1e6];
      case "ack":
        return [ClientFrame.ack, tick - 1];
      case "leave":
        return [ClientFrame.leave];
      case "ready":
        return [ClientFrame.ready, tick];
    }
  }

  /** The value with one thing in it changed. The frame's own type mostly stays. */
  #change(value: unknown, isFrame = false): unknown {
    if (Array.isArray(value)) {
      const items: unknown[] = [...value];
      const at =
        isFrame && this.#below(20) > 0 ? 1 + this.#below(items.length) : this.#below(items.length + 1);
      switch (this.#below(isFrame ? 8 : 5)) {
        case 0:
          items.splice(at, 1);
          return items;
        case 1:
          items.splice(at, 0, this.#anything());
          return items;
        case 2:
          items.splice(at, 0, items[this.#below(items.length)]);
          return items;
        default:
          if (at < items.length) items[at] = this.#change(items[at]);
          return items;
      }
    }
    if (typeof value === "object" && value !== null) {
      const entries = Object.entries(value);
      const at = this.#below(entries.length + 1);
      const key = this.#below(3) === 0 ? this.#pick(EDGE_TEXTS) : (entries[at]?.[0] ?? "more");
      entries[at] = [key, this.#change(entries[at]?.[1])];
      return Object.fromEntries(entries);
    }
    if (typeof value === "number" && this.#below(2) === 0)
      return this.#below(2) === 0 ? this.#pick(EDGE_NUMBERS) : value + this.#below(7) - 3;
    return this.#anything();
  }

  #anything(depth = 0): unknown {
    switch (this.#below(depth < 3 ? 9 : 6)) {
      case 0:
        return null;
      case 1:
        return this.#below(2) === 0;
      case 2:
      case 3:
        return this.#pick(EDGE_NUMBERS);
      case 4:
        return this.#pick(EDGE_TEXTS);
      case 5:
        return new Uint8Array(this.#below(20));
      case 6:
        return Array.from({ length: this.#below(5) }, () => this.#anything(depth + 1));
      default:
        return Object.fromEntries(
          Array.from({ length: this.#below(4) }, () => [this.#pick(EDGE_TEXTS), this.#anything(depth + 1)]),
        );
    }
  }

  #below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  #pick<Value>(values: readonly Value[]): Value {
    return values[this.#below(values.length)] as Value;
  }
}
