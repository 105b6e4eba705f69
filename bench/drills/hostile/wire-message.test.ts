import { expect, test } from "vitest";
import { seededRandom } from "../../../shared/random/seeded-random.ts";
import { anyDrillGame } from "../drill-game.ts";
import { HostileMessages } from "./hostile-messages.ts";
import { type WireKind, wireMessage } from "./wire-message.ts";

function play(seed: number, count: number) {
  const random = seededRandom(seed);
  const hostile = new HostileMessages(random, anyDrillGame);
  return Array.from({ length: count }, (_, n) =>
    wireMessage(hostile, "message", { tick: 9, sequence: n }, n, random),
  );
}

test("[DRL-6] half of what a fuzz sends are mutations, and every kind occurs", () => {
  const kinds = new Map<WireKind, number>();
  for (const { kind } of play(1, 6_400)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  expect(kinds.get("mutated")).toBe(3_200);
  expect(kinds.get("framing")).toBe(200);
  expect(kinds.get("text")).toBe(100);
  expect(kinds.get("noise")).toBe(2_900);
});

test("[DRL-6] whole messages are masked frames of their length; what breaks WebSocket differs", () => {
  let whole = 0;
  for (const { kind, bytes } of play(2, 2_000)) {
    if (kind === "framing") continue;
    whole += 1;
    const second = bytes[1] ?? 0;
    expect(second & 0x80).toBe(0x80);
    const short = second & 0x7f;
    const extended = short === 126 ? 2 : 0;
    const length = short === 126 ? (bytes[2] ?? 0) * 256 + (bytes[3] ?? 0) : short;
    expect(bytes.length).toBe(2 + extended + 4 + length);
  }
  expect(whole).toBeGreaterThan(1_900);
  const broken = play(3, 6_400).filter(({ kind }) => kind === "framing");
  expect(new Set(broken.map(({ bytes }) => `${bytes[0]} ${(bytes[1] ?? 0) >> 7}`)).size).toBeGreaterThan(6);
});
