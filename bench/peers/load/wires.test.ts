import { describe, expect, test } from "vitest";
import { encode } from "../../../shared/protocol/codec.ts";
import type { WelcomeFrame } from "../../../shared/protocol/frames.ts";
import { colyseusWire } from "./colyseus-wire.ts";
import { socketioWire } from "./socketio-wire.ts";
import type { Voice, Wire } from "./wire.ts";

const WELCOME: WelcomeFrame = [1, 0, 7, 1234.5, "a clock", 1, 0, 1, "bench", null];

/** What a client says and does when it hears this message, somewhere in a larger buffer. */
function hears(wire: Wire, message: Uint8Array): unknown[] {
  const done: unknown[] = [];
  const surrounded = Uint8Array.of(0xff, 0x80, ...message, 0x81, 0xff);
  wire.binary(surrounded, 2, message.length, voiceInto(done));
  return done;
}

function voiceInto(done: unknown[]): Voice {
  return {
    sendBinary: (payload) => done.push(["sends", ...payload]),
    sendText: (text) => done.push(["says", text]),
    welcomed: (welcome) => done.push(welcome),
    ticked: (...tick) => done.push(["ticked", ...tick]),
    lost: (why) => done.push(["lost", why]),
  };
}

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const ascii = (text: string): string => Buffer.from(text).toString("hex");

// The bytes around the contents are those that the installed packages wrote, Socket.IO 4.8.4 with its msgpack
// parser 3.0.2 and Colyseus 0.18.17 with schema 5.0.34.
describe("[BEN-54] a lean client of a peer reads what the peer's own encoder wrote:", () => {
  const packet = (type: number, rest: string): Uint8Array =>
    bytes(`83 a4${ascii("type")} 0${type} a4${ascii("data")} ${rest} a3${ascii("nsp")} a1${ascii("/")}`);

  test("Socket.IO's events, with any length of binary", () => {
    for (const tick of [1, 127, 128, 255, 256, 65_535, 65_536]) {
      for (const size of [10, 300, 70_000]) {
        const frame = Buffer.concat([encode([4, tick, tick - 1]), Buffer.alloc(size)]);
        const length = frame.length.toString(16);
        const head =
          size === 10
            ? `c4 ${length.padStart(2, "0")}`
            : size === 300
              ? `c5 ${length.padStart(4, "0")}`
              : `c6 ${length.padStart(8, "0")}`;
        const event = packet(2, `92 a4${ascii("tick")} ${head} ${frame.toString("hex")}`);
        expect(hears(socketioWire, event)).toEqual([["ticked", tick, undefined]]);
      }
    }
    const welcome = Buffer.from(encode(WELCOME));
    const head = `92 a7${ascii("welcome")} c4 ${welcome.length.toString(16)}`;
    expect(hears(socketioWire, packet(2, `${head} ${welcome.toString("hex")}`))).toEqual([WELCOME]);
    expect(hears(socketioWire, packet(2, `92 a4${ascii("pong")} c4 01 00`))).toEqual([]);
    expect(hears(socketioWire, packet(4, "a1 78"))).toEqual([["lost", expect.any(String)]]);
  });

  test("Engine.IO's heartbeats, and how one gets in", () => {
    const done: unknown[] = [];
    socketioWire.text?.('0{"sid":"x"}', voiceInto(done));
    socketioWire.text?.("2", voiceInto(done));
    socketioWire.text?.("1", voiceInto(done));
    const connect = bytes(`82 a4${ascii("type")} 00 a3${ascii("nsp")} a1${ascii("/")}`);
    expect(done).toEqual([
      ["sends", ...connect],
      ["says", "3"],
      ["lost", expect.any(String)],
    ]);
  });

  test("Colyseus' patches, with and without the time when a tick began", () => {
    expect(hears(colyseusWire, bytes("0f 80 02 00 00 00 ff 02 81 a0 0a"))).toEqual([
      ["ticked", 2, undefined],
    ]);
    expect(hears(colyseusWire, bytes("0f 80 01 02 03 04 ff 02 81 a0 0a"))).toEqual([
      ["ticked", 0x04030201, undefined],
    ]);
    expect(hears(colyseusWire, bytes("0f 80 01 00 00 00 81 357f4c47c9643c41 ff 02"))).toEqual([
      ["ticked", 1, expect.closeTo(1_860_809.278511, 6)],
    ]);
    // What was made before the first tick, for those who were there.
    expect(hears(colyseusWire, bytes("0f 82 01 ff 01 80 00 a1 30"))).toEqual([]);
  });

  test("how one gets into a room of Colyseus", () => {
    expect(hears(colyseusWire, bytes(`0a 09${ascii("x")}`))).toEqual([["sends", 10]]);
    const welcome = Buffer.from(encode(WELCOME)).toString("hex");
    expect(hears(colyseusWire, bytes(`11 a7${ascii("welcome")} ${welcome}`))).toEqual([WELCOME]);
    expect(hears(colyseusWire, bytes(`11 a4${ascii("pong")} 93 05 cb`))).toEqual([]);
    expect(hears(colyseusWire, bytes("0b cd 0b 02"))).toEqual([["lost", expect.any(String)]]);
  });
});
