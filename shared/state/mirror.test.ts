import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeTrusted } from "../protocol/codec.ts";
import type { DeltaFrame } from "../protocol/frames.ts";
import type { TableLayout } from "./game-layout.ts";
import {
  difference,
  expectTrue,
  HORIZON,
  histories,
  layout,
  Mirror,
  type Model,
  play,
  players,
  ROOM,
  seenBy,
  truth,
  type View,
} from "./mirror.contract.ts";
import type { RowParts, RowStream } from "./row-stream.ts";

/** Mirrors of a tick: one who sees the room alone, and each player with the private stream. */
function audiences(model: Model): RowStream[][] {
  return [[model.room], ...model.seats.map(({ own }) => [own, model.room])];
}

/** Each row of the frame: its table, id and field mask. */
function rowsIn(bytes: Uint8Array): { table: TableLayout; id: number; mask: number }[] {
  const parts = ((decodeTrusted(bytes) as DeltaFrame)[4] ?? []) as RowParts;
  const found: { table: TableLayout; id: number; mask: number }[] = [];
  for (let part = 0; part < parts.length; part += 2) {
    const table = layout.tables[parts[part] as number] as TableLayout;
    const flat = parts[part + 1] as number[];
    for (let at = 0; at < flat.length; ) {
      const mask = (flat[at + 1] as number) >>> 1;
      found.push({ table, id: flat[at] as number, mask });
      at += 2 + mask.toString(2).replaceAll("0", "").length;
    }
  }
  return found;
}

test("[STA-10] [STA-11] [STA-19] a keyframe of any tick and every delta since are the server's state", () => {
  fc.assert(
    fc.property(histories, (history) => {
      const mirrors: Mirror[] = [];
      play(history, (model, frames) => {
        const present = new Set(model.streams());
        for (const mirror of mirrors) {
          if (!mirror.streams.every((stream) => present.has(stream))) continue;
          const before = seenBy(mirror);
          mirror.apply(mirror.streams.map(({ id }) => frames.get(id) as Uint8Array));
          expectTrue(mirror, model, before);
        }
        for (const streams of audiences(model)) {
          const mirror = new Mirror(
            streams,
            streams.map((stream) => model.keyframe(stream)),
          );
          expectTrue(mirror, model, new Map());
          mirrors.push(mirror);
        }
      });
    }),
    { seed: 101, numRuns: 100 },
  );
});

test("[STA-12] the delta since any tick within the horizon leads from there, or from later, to now", () => {
  fc.assert(
    fc.property(histories, (history) => {
      const past: { tick: number; streams: RowStream[]; keyframes: Uint8Array[] }[] = [];
      play(history, (model) => {
        for (const streams of audiences(model))
          past.push({
            tick: model.tick,
            streams,
            keyframes: streams.map((stream) => model.keyframe(stream)),
          });
        const present = new Set(model.streams());
        for (const { tick, streams, keyframes } of past) {
          if (!streams.every((stream) => present.has(stream))) continue;
          expect(model.room.reaches(tick, model.tick)).toBe(tick >= model.tick - HORIZON);
          for (let base = Math.max(0, model.tick - HORIZON); base <= tick; base++) {
            const mirror = new Mirror(streams, keyframes);
            const before = seenBy(mirror);
            mirror.apply(streams.map((stream) => model.deltaSince(stream, base)));
            expectTrue(mirror, model, before);
          }
        }
      });
    }),
    { seed: 121, numRuns: 60 },
  );
});

test("[STA-13] what is the owner's alone reaches the owner alone", () => {
  let told = 0;
  fc.assert(
    fc.property(histories, (history) => {
      play(history, (model, frames) => {
        const full = model.deltaSince(model.room, -1);
        for (const frame of [frames.get(ROOM) as Uint8Array, full, model.keyframe(model.room)])
          for (const { table, mask } of rowsIn(frame)) expect(mask & table.masks.owner).toBe(0);
        for (const { row, own } of model.seats)
          for (const { table, id, mask } of rowsIn(frames.get(own.id) as Uint8Array)) {
            expect([table, id, mask & table.masks.room]).toEqual([players, row.id, 0]);
            told += 1;
          }
      });
    }),
    { seed: 131, numRuns: 100 },
  );
  expect(told).toBeGreaterThan(100);
});

test("[STA-15] [STA-16] a tick in which a stream sees no change takes one short frame, and no row of one tick", () => {
  let quiet = 0;
  fc.assert(
    fc.property(histories, (history) => {
      const before = new Map<RowStream, View>();
      play(history, (model, frames) => {
        for (const stream of model.streams()) {
          const view = truth(model, [stream]);
          const changes = difference(before.get(stream) ?? new Map(), view);
          const frame = decodeTrusted(frames.get(stream.id) as Uint8Array) as DeltaFrame;
          expect(frame.length > 4).toBe(changes.length > 0);
          if (changes.length === 0) quiet += 1;
          before.set(stream, view);
        }
      });
    }),
    { seed: 151, numRuns: 100 },
  );
  expect(quiet).toBeGreaterThan(100);
});
