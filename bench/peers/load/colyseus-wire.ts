import { Complaint } from "../../../shared/complaint.ts";
import { decodeTrusted } from "../../../shared/protocol/codec.ts";
import type { WelcomeFrame } from "../../../shared/protocol/frames.ts";
import type { Wire } from "./wire.ts";

/*
 * Colyseus 0.18. A client gets a seat over HTTP, connects to it, is told the state's types (10) and
 * acknowledges them, then gets the state (14) and from then on patches (15):
 *
 *   0  0f                          a patch
 *   1  80 u32                      the state's field 0, little-endian: the tick
 *   6  81 f64                      its field 1, where it changed: when the simulation began that tick
 *
 * A field's number has its highest bit set, and the fields of the root come before those of anything else.
 */
const Message = { joinRoom: 10, error: 11, roomData: 13, statePatch: 15, roomBytes: 17 } as const;

const TICK_FIELD = 0x80;
const BEGUN_FIELD = 0x81;

const WELCOME = [0xa7, ...Buffer.from("welcome")];

/** A stamp, as clients of the other systems send it: float64. */
const PING = Uint8Array.of(Message.roomData, 0xa4, ...Buffer.from("ping"), ...float64Bytes(1234.5));

/** A heading in one byte follows. */
const STEER = [Message.roomData, 0xa5, ...Buffer.from("steer"), 0xcc];

const float = new DataView(new ArrayBuffer(8));

/** Colyseus, over either transport. */
export const colyseusWire: Wire = {
  async seat(origin, room, join) {
    const response = await fetch(`${origin}/matchmake/joinOrCreate/${room}`, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify(join ?? {}),
    });
    const seat = (await response.json()) as { processId?: string; roomId?: string; sessionId?: string };
    if (!response.ok || seat.sessionId === undefined)
      throw new Complaint(`Colyseus gave no seat (${response.status}): ${JSON.stringify(seat)}`);
    return `/${seat.processId}/${seat.roomId}?sessionId=${seat.sessionId}`;
  },
  inbound: PING,
  steering: (heading) => Uint8Array.of(...STEER, heading),
  binary(bytes, at, length, voice) {
    switch (bytes[at]) {
      case Message.statePatch:
        if (bytes[at + 1] !== TICK_FIELD) return;
        voice.ticked(
          (bytes[at + 2] as number) +
            (bytes[at + 3] as number) * 0x100 +
            (bytes[at + 4] as number) * 0x1_0000 +
            (bytes[at + 5] as number) * 0x100_0000,
          bytes[at + 6] === BEGUN_FIELD ? float64(bytes, at + 7) : undefined,
        );
        return;
      case Message.joinRoom:
        voice.sendBinary(Uint8Array.of(Message.joinRoom));
        return;
      case Message.roomBytes: {
        const from = at + 1 + WELCOME.length;
        if (WELCOME.every((byte, i) => bytes[at + 1 + i] === byte))
          voice.welcomed(decodeTrusted(bytes.slice(from, at + length)) as WelcomeFrame);
        return;
      }
      case Message.error:
        voice.lost("the server sent an error");
    }
  },
};

/** Little-endian. */
function float64(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 8; i++) float.setUint8(i, bytes[at + i] ?? 0);
  return float.getFloat64(0, true);
}

/** As MessagePack has it. */
function float64Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = 0xcb;
  new DataView(bytes.buffer).setFloat64(1, value);
  return bytes;
}
