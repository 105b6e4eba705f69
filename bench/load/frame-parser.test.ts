import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameParser, HEAD_BYTES } from "./frame-parser.ts";

/** What a server might send: messages in one or more frames, with control frames between. */
type Sent =
  | { readonly what: "message"; readonly parts: readonly Uint8Array[]; readonly pings: boolean }
  | { readonly what: "ping"; readonly payload: Uint8Array }
  | { readonly what: "pong" };

const FIN = 0x80;

function frame(first: number, payload: Uint8Array): number[] {
  const { length } = payload;
  const lengths =
    length < 126
      ? [length]
      : length < 0x1_0000
        ? [126, length >> 8, length & 0xff]
        : [127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return [first, ...lengths, ...payload];
}

function bytesOf(sent: Sent): number[] {
  switch (sent.what) {
    case "ping":
      return frame(FIN | 9, sent.payload);
    case "pong":
      return frame(FIN | 10, new Uint8Array());
    case "message":
      return sent.parts.flatMap((part, i) => {
        const first = (i === sent.parts.length - 1 ? FIN : 0) | (i === 0 ? 2 : 0);
        const ping = sent.pings && i > 0 ? frame(FIN | 9, Uint8Array.of(7)) : [];
        return [...ping, ...frame(first, part)];
      });
  }
}

/** Notes everything that a parser says, with the whole message put together from its pieces. */
function note(heard: string[]): FrameParser {
  let whole: number[] = [];
  return new FrameParser({
    message(bytes, at, length) {
      const head = [...bytes.slice(at, at + Math.min(length, HEAD_BYTES))];
      expect(head).toEqual(whole.slice(0, HEAD_BYTES));
      heard.push(`message ${length}: ${whole.join()}`);
      whole = [];
    },
    piece(bytes, from, to, begins) {
      if (begins) whole = [];
      whole.push(...bytes.slice(from, to));
    },
    ping: (payload) => heard.push(`ping ${payload.join()}`),
    close: (code) => heard.push(`close ${code}`),
  });
}

function said(sent: Sent): string[] {
  if (sent.what === "ping") return [`ping ${sent.payload.join()}`];
  if (sent.what === "pong") return [];
  const whole = sent.parts.flatMap((part) => [...part]);
  const pings = sent.pings ? sent.parts.slice(1).map(() => "ping 7") : [];
  return [...pings, `message ${whole.length}: ${whole.join()}`];
}

const part = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .constantFrom(125, 126, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 1, 700)
    .map((length) => Uint8Array.from({ length }, (_, i) => i & 0xff)),
);
const sent: fc.Arbitrary<Sent> = fc.oneof(
  fc.record({
    what: fc.constant("message" as const),
    parts: fc.array(part, { minLength: 1, maxLength: 3 }),
    pings: fc.boolean(),
  }),
  fc.record({ what: fc.constant("ping" as const), payload: fc.uint8Array({ maxLength: 125 }) }),
  fc.constant({ what: "pong" as const }),
);

describe("FrameParser", () => {
  test("[BEN-2] every message is told once and whole, wherever its bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(sent, { maxLength: 6 }),
        fc.array(fc.nat({ max: 5000 }), { maxLength: 12 }),
        (all, cuts) => {
          const bytes = Uint8Array.from(all.flatMap(bytesOf));
          const heard: string[] = [];
          const parser = note(heard);
          const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
          let from = 0;
          for (const to of ends) {
            expect(parser.feed(bytes, from, to)).toBeUndefined();
            from = to;
          }
          expect(heard).toEqual(all.flatMap(said));
        },
      ),
    );
  });

  test("[BEN-2] byte by byte, through a buffer that is used again each time", () => {
    const all: Sent[] = [
      { what: "message", parts: [Uint8Array.from({ length: 300 }, (_, i) => i & 0xff)], pings: false },
      { what: "ping", payload: Uint8Array.of(1, 2, 3) },
      { what: "message", parts: [new Uint8Array(), Uint8Array.of(9), new Uint8Array()], pings: true },
      { what: "message", parts: [new Uint8Array(70_000).fill(5)], pings: false },
    ];
    const heard: string[] = [];
    const parser = note(heard);
    const buffer = new Uint8Array(1);
    for (const byte of all.flatMap(bytesOf)) {
      buffer[0] = byte;
      expect(parser.feed(buffer, 0, 1)).toBeUndefined();
    }
    expect(heard).toEqual(all.flatMap(said));
  });

  test("[BEN-2] a text is told as such to who takes texts", () => {
    const heard: string[] = [];
    const parser = new FrameParser({
      message: (bytes, at, length) => heard.push(`binary ${bytes.slice(at, at + length).join()}`),
      text: (bytes, at, length) => heard.push(`text ${bytes.slice(at, at + length).join()}`),
      ping: () => {},
      close: () => {},
    });
    const all = [1, 1, 50, FIN, 1, 51, FIN | 2, 1, 7, FIN | 1, 2, 52, 53];
    for (const byte of all) parser.feed(Uint8Array.of(byte), 0, 1);
    parser.feed(Uint8Array.from(all), 0, all.length);
    expect(heard).toEqual(["text 50,51", "binary 7", "text 52,53", "text 50,51", "binary 7", "text 52,53"]);
  });

  test("a close frame is told with its code, or 1005 for none", () => {
    const heard: string[] = [];
    note(heard).feed(Uint8Array.from([FIN | 8, 2, 0x0f, 0xa1]), 0, 4);
    note(heard).feed(Uint8Array.from([FIN | 8, 0]), 0, 2);
    expect(heard).toEqual(["close 4001", "close 1005"]);
  });

  test.each([
    ["a masked frame", [FIN | 2, 0x80, 0, 0, 0, 0], /masked/],
    ["reserved bits", [FIN | 0x40 | 2, 0], /reserved/],
    ["a text frame", [FIN | 1, 0], /opcode 1/],
    ["an unknown opcode", [FIN | 11, 0], /opcode 11|control/],
    ["a continuation of nothing", [FIN, 0], /continuation/],
    ["a message within a message", [2, 0, FIN | 2, 0], /within/],
    ["a control frame in pieces", [9, 0], /control/],
    ["a control frame that is too long", [FIN | 9, 126, 0, 126], /control/],
    ["a frame of 2^63 bytes", [FIN | 2, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], /bytes/],
  ])("[BEN-3] %s is a fault, and nothing is read after it", (_name, bytes, fault) => {
    const heard: string[] = [];
    const parser = note(heard);
    const all = Uint8Array.from([...bytes, FIN | 9, 0]);
    expect(parser.feed(all, 0, all.length)).toMatch(fault);
    expect(parser.feed(Uint8Array.of(FIN | 9, 0), 0, 2)).toMatch(fault);
    expect(heard).toEqual([]);
  });
});
