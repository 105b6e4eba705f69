import { decodeTrusted } from "../../../shared/protocol/codec.ts";
import type { WelcomeFrame } from "../../../shared/protocol/frames.ts";
import { frameTick } from "../../load/frame-head.ts";
import type { Voice, Wire } from "./wire.ts";

/*
 * Engine.IO 4 over WebSocket alone: its own packets are texts of one digit ("0{…}" open, "2" ping, "3" pong);
 * a binary message is a packet of the parser, whole. The msgpack parser writes `{ type, data, nsp }` with the
 * keys in this order, so that the name of an event stands at a fixed place:
 *
 *   0   83           map of three
 *   1   a4 "type"    6   the packet's type
 *   7   a4 "data"    12  92, array of two
 *   13  a4 "tick"    18  bin 8, 16 or 32, its length, the bytes
 */
const TYPE_AT = 6;
const NAME_AT = 13;

const PacketType = { connect: 0, event: 2, connectError: 4 } as const;

const text = (value: string): number[] => [0xa0 | value.length, ...Buffer.from(value)];
const NAMESPACE = [...text("nsp"), ...text("/")];

const CONNECT = Uint8Array.of(0x82, ...text("type"), PacketType.connect, ...NAMESPACE);
const PING = Uint8Array.of(
  0x83,
  ...text("type"),
  PacketType.event,
  ...text("data"),
  0x91,
  ...text("ping"),
  ...NAMESPACE,
);

/** Socket.IO with the msgpack parser. */
export const socketioWire: Wire = {
  seat: async () => "/socket.io/?EIO=4&transport=websocket",
  inbound: PING,
  text(packet, voice) {
    if (packet.startsWith("0")) voice.sendBinary(CONNECT);
    else if (packet === "2") voice.sendText("3");
    else voice.lost(`the server sent the packet "${packet.slice(0, 20)}"`);
  },
  binary(bytes, at, _length, voice) {
    const type = bytes[at + TYPE_AT];
    if (type === PacketType.event) event(bytes, at + NAME_AT, voice);
    else if (type === PacketType.connectError) voice.lost("the server refused the namespace");
  },
};

function event(bytes: Uint8Array, nameAt: number, voice: Voice): void {
  const length = (bytes[nameAt] ?? 0) & 0x1f;
  const contentAt = afterBinaryHead(bytes, nameAt + 1 + length);
  // "tick", "welcome", or "pong": their first letters tell them apart.
  switch (bytes[nameAt + 1]) {
    case 0x74:
      voice.ticked(frameTick(bytes, contentAt), undefined);
      return;
    case 0x77: {
      const end = contentAt + (bytes[contentAt - 1] ?? 0);
      voice.welcomed(decodeTrusted(bytes.slice(contentAt, end)) as WelcomeFrame);
    }
  }
}

/** Where the bytes of a bin 8, 16 or 32 begin. */
function afterBinaryHead(bytes: Uint8Array, at: number): number {
  return at + 1 + 2 ** ((bytes[at] ?? 0xc4) - 0xc4);
}
