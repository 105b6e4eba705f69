import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode } from "../../shared/protocol/codec.ts";
import { FRAME_HEAD_BYTES, frameTick, frameType } from "./frame-head.ts";

describe("the head of a frame", () => {
  test("[BEN-1] type and tick are what a decoder would read, wherever the frame begins", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 127 }),
        fc.oneof(
          fc.integer({ min: 0, max: 0xffff_ffff }),
          fc.constantFrom(127, 128, 255, 256, 65_535, 65_536),
        ),
        fc.array(fc.integer(), { maxLength: 30 }),
        fc.uint8Array({ maxLength: 5 }),
        (type, tick, rest, before) => {
          const bytes = Uint8Array.from([...before, ...encode([type, tick, ...rest])]);
          expect(frameType(bytes, before.length)).toBe(type);
          expect(frameTick(bytes, before.length)).toBe(tick);
          const cut = bytes.slice(0, before.length + FRAME_HEAD_BYTES);
          expect(frameTick(cut, before.length)).toBe(tick);
        },
      ),
    );
  });

  test("[BEN-1] what is no frame has neither", () => {
    for (const value of [1, "text", { a: 1 }, null]) expect(frameType(encode(value), 0)).toBe(-1);
    expect(frameType(new Uint8Array(), 0)).toBe(-1);
    expect(frameTick(encode([4, -5]), 0)).toBe(-1);
    expect(frameTick(encode([4, 1.5]), 0)).toBe(-1);
    expect(frameTick(encode([4, 70_000]).slice(0, 5), 0)).toBe(-1);
    expect(frameTick(encode([4]), 0)).toBe(-1);
  });
});
