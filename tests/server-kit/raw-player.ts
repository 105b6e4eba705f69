import { decodeTrusted, encode } from "../../shared/protocol/codec.ts";
import {
  type AnyServerFrame,
  ClientFrame,
  PROTOCOL_VERSION,
  ServerFrame,
} from "../../shared/protocol/frames.ts";
import { probe } from "./probe-game.ts";
import { Opcode, RawSocket } from "./raw-socket.ts";

/** A frame of the protocol on its way to the server. */
export function sendFrame(raw: RawSocket, frame: readonly unknown[]): void {
  raw.send({ payload: encode(frame).slice() });
}

export const hello = (join: unknown = { name: "mallory" }, ...more: unknown[]): readonly unknown[] => [
  ClientFrame.hello,
  PROTOCOL_VERSION,
  probe.hash,
  join,
  null,
  ...more,
];

/** What the server has said in the protocol. */
export function framesOf(raw: RawSocket, name?: keyof typeof ServerFrame): AnyServerFrame[] {
  return raw.frames
    .filter(({ opcode }) => opcode === Opcode.binary)
    .map(({ payload }) => decodeTrusted(payload) as AnyServerFrame)
    .filter(([type]) => name === undefined || type === ServerFrame[name]);
}

/** A player in the room: a WebSocket by hand that has been welcomed and has seen a tick close. */
export async function joinRaw(port: number, path = "/probe", greeting = hello()): Promise<RawSocket> {
  const raw = await RawSocket.open(port, path);
  sendFrame(raw, greeting);
  await raw.until(() => raw.ended || framesOf(raw, "tickEnd").length > 0);
  return raw;
}

/** The token in a player's welcome. */
export function tokenOf(raw: RawSocket): unknown {
  return framesOf(raw, "welcome")[0]?.[9];
}

export function lastTickOf(raw: RawSocket): number {
  return (framesOf(raw, "tickEnd").at(-1)?.[1] as number | undefined) ?? 0;
}
