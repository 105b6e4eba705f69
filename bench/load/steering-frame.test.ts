import fc from "fast-check";
import { expect, test } from "vitest";
import { parseClientFrame } from "../../shared/protocol/client-frame.ts";
import { decodeUntrusted } from "../../shared/protocol/codec.ts";
import { SteeringFrame } from "./steering-frame.ts";

test("[BEN-25] an input that is patched in place is what a server reads, whatever it was before", () => {
  const mask = Uint8Array.of(9, 200, 31, 4);
  const frame = new SteeringFrame(mask);
  const tick = fc.nat(2 ** 32 - 1);
  fc.assert(
    fc.property(tick, tick, fc.nat(255), (forTick, viewTick, heading) => {
      const bytes = frame.with(forTick, viewTick, heading);
      expect([...bytes.subarray(0, 2)]).toEqual([0x82, 0x80 | (bytes.length - 6)]);
      const decoded = decodeUntrusted(bytes.slice(6).map((byte, i) => byte ^ (mask[i % 4] as number)));
      expect(decoded.ok && parseClientFrame(decoded.value)).toEqual({
        type: "input",
        tick: forTick,
        viewTick,
        values: [heading],
      });
    }),
  );
});
