import { describe, expect, test } from "vitest";
import type { RoomImage } from "../room/image/room-image.ts";
import { FORMAT_VERSION, readCheckpoint, writeCheckpoint } from "./checkpoint-format.ts";

const image: RoomImage = {
  kind: "exact",
  tick: 1_234,
  timeline: 1_700_000_000_000,
  ancestors: [{ timeline: 0, tick: 99, kind: "running" }],
  options: undefined,
  metadata: { map: "isle", open: true },
  locked: true,
  visibility: "private",
  everEntered: true,
  random: [1, -2, 3, 4],
  nextIds: { rows: [4, 1], players: 3, streams: 9 },
  nextEvent: 77,
  tables: [
    { ids: [1, 3], columns: [Float64Array.of(0.1, Number.NaN), ["a", "b"], [new Uint8Array([1]), [1, 2]]] },
    { ids: [], columns: [Float64Array.of(), [], []] },
  ],
  seats: [
    {
      id: 2,
      digest: "abc",
      voice: 1,
      attempt: 4,
      sequence: 12,
      mayJump: false,
      stream: 8,
      row: 3,
      groups: ["grey", 1, true],
      focus: [{ x: 1.5, y: -2 }],
      data: { user: "ada", since: null },
      away: false,
      knownSince: 1_200,
      told: [[1_201, [[5, 0, "hi"]], [[12, 0, { ok: true }]]]],
      replies: [[11, 2, null]],
    },
  ],
  events: [[1_210, [6, 1, 3]]],
  saved: { scores: [1, 2], blob: new Uint8Array([9, 9]) },
};
const saved = { hash: "0123", savedAt: 1_700_000_000_500, image };

describe("[CKP-10] a room goes to bytes and back unchanged", () => {
  test("every part of it", () => {
    expect(readCheckpoint(writeCheckpoint(saved))).toEqual({ ok: true, saved });
  });

  test("wherever in a buffer the bytes stand", () => {
    const bytes = writeCheckpoint(saved);
    for (let shift = 0; shift < 8; shift++) {
      const shifted = new Uint8Array(bytes.length + shift);
      shifted.set(bytes, shift);
      expect(readCheckpoint(shifted.subarray(shift))).toEqual({ ok: true, saved });
    }
  });
});

describe("[CKP-11] bytes that are no checkpoint are told as such, and nothing throws", () => {
  const whole = writeCheckpoint(saved);

  test("a bit that fell over, anywhere", () => {
    for (let at = 0; at < whole.length; at += 5) {
      const bytes = whole.slice();
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      // Of three bytes nothing is made.
      expect(readCheckpoint(bytes).ok).toBe(at >= 5 && at < 8);
    }
  });

  test("any prefix of it", () => {
    for (let length = 0; length < whole.length; length += 7)
      expect(readCheckpoint(whole.subarray(0, length)).ok).toBe(false);
  });

  test("another version, by its number", () => {
    const bytes = whole.slice();
    bytes[4] = FORMAT_VERSION + 1;
    expect(readCheckpoint(bytes)).toEqual({
      ok: false,
      problem: `was written by another version of Tickcast: its format is ${FORMAT_VERSION + 1}, this one reads ${FORMAT_VERSION}.`,
    });
  });

  test("other bytes", () => {
    expect(readCheckpoint(new TextEncoder().encode("a shopping list"))).toEqual({
      ok: false,
      problem: "is none of Tickcast's.",
    });
  });
});
