import { encode } from "../../../shared/protocol/codec.ts";
import { ClientFrame, PROTOCOL_VERSION } from "../../../shared/protocol/frames.ts";
import { type Random, seededRandom } from "../../../shared/random/seeded-random.ts";
import type { Clock } from "../../../shared/tick/clock.ts";
import { anyDrillGame } from "../drill-game.ts";
import { sourceAddresses } from "../players/addresses.ts";
import { passing } from "../process/passing.ts";
import { type FrameType, frameTypes, HostileMessages } from "./hostile-messages.ts";
import { HostileSocket } from "./hostile-socket.ts";
import { type WireKind, wireMessage } from "./wire-message.ts";

export interface FuzzOrder {
  readonly port: number;
  readonly path: string;
  readonly seed: number;
  readonly messages: number;
  /** Clients at the same time. */
  readonly clients: number;
  /** New connections a second, all clients together. */
  readonly connectionsPerSecond: number;
}

export interface FuzzFigures {
  readonly sent: number;
  /** Of these, by kind. */
  readonly kinds: Readonly<Record<WireKind, number>>;
  /** Sent by clients that were in the room, that had connected and not greeted. */
  readonly inRoom: number;
  readonly connections: number;
  /** How connections ended, by code; "cut": without a close frame, "stayed": they were not closed. */
  readonly ends: Readonly<Record<string, number>>;
  readonly refused: number;
  readonly wallMs: number;
}

/** Whoever is still there after so many goes. */
const MESSAGES_PER_CLIENT = 16;
/** For an answer, or a close, after each message. */
const PAUSE_MS = 8;
const OPENS_WITHIN_MS = 10_000;
const ADDRESSES = 50;

/** Sends so many hostile messages, half of them to a room in which others play. */
export async function attack(
  order: FuzzOrder,
  clock: Clock,
  progress: (sent: number) => void,
): Promise<FuzzFigures> {
  const from = sourceAddresses(ADDRESSES);
  const kinds: Record<WireKind, number> = { mutated: 0, noise: 0, text: 0, framing: 0 };
  const ends: Record<string, number> = {};
  let sent = 0;
  let inRoom = 0;
  let connections = 0;
  let refused = 0;
  const beganAt = clock.now();

  /** One client after the other, until enough was sent. */
  const one = async (random: Random): Promise<void> => {
    const hostile = new HostileMessages(random, anyDrillGame);
    while (sent < order.messages) {
      const mayConnectAt = beganAt + (connections / order.connectionsPerSecond) * 1000;
      connections += 1;
      await passing(Math.max(0, mayConnectAt - clock.now()));
      const localAddress = from[Math.floor(random() * from.length)] ?? "";
      const socket = new HostileSocket({ port: order.port, path: order.path, localAddress });
      const opened = await socket.opened(OPENS_WITHIN_MS);
      if (!opened) {
        refused += 1;
        socket.destroy();
        continue;
      }
      const joins = random() < 0.6;
      if (joins) {
        socket.send(encode([ClientFrame.hello, PROTOCOL_VERSION, anyDrillGame.hash, { name: "mallory" }]));
        await socket.untilTick(OPENS_WITHIN_MS);
      }
      for (let n = 0; n < MESSAGES_PER_CLIENT && !socket.ended && sent < order.messages; n++) {
        const type = frameTypes[Math.floor(random() * frameTypes.length)] as FrameType;
        const moment = { tick: socket.tick + 1, sequence: n + 1 };
        const { kind, bytes } = wireMessage(hostile, type, moment, sent, random);
        socket.write(bytes);
        sent += 1;
        kinds[kind] += 1;
        if (joins) inRoom += 1;
        if (sent % 1000 === 0) progress(sent);
        await passing(PAUSE_MS);
      }
      const end = socket.ended ? socket.end : "stayed";
      ends[end] = (ends[end] ?? 0) + 1;
      socket.destroy();
    }
  };
  await Promise.all(
    Array.from({ length: order.clients }, (_, i) => one(seededRandom(order.seed * 10_007 + i))),
  );
  return { sent, kinds, inRoom, connections, ends, refused, wallMs: clock.now() - beganAt };
}
