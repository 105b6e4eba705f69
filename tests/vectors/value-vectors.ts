import type { FieldDescription } from "../../shared/definition/field.ts";
import {
  angle,
  bool,
  bytes,
  cold,
  fixed,
  i16,
  i32,
  list,
  oneOf,
  optional,
  ref,
  text,
  tick,
  u8,
  u16,
  u32,
} from "../../shared/game.ts";
import { encode } from "../../shared/protocol/codec.ts";
import { fieldCodec, type QuantiseContext, type Wire } from "../../shared/state/field-codec.ts";
import { hexOf, plain } from "./vector-format.ts";

interface FieldVectors {
  readonly type: FieldDescription;
  readonly initial: unknown;
  /** What an author writes, what goes over the wire, what is read of it. */
  readonly values: readonly { readonly written: unknown; readonly hex: string; readonly read: unknown }[];
  /** Decoded values that no such field holds. */
  readonly refused: readonly { readonly hex: string }[];
}

const context: QuantiseContext = { outOfRange: () => {}, holds: () => true };
const lookup = (_table: string, id: number) => ({ row: id });
const TURN = 2 * Math.PI;

interface Subject {
  readonly field: { readonly description: FieldDescription };
  readonly written: readonly unknown[];
  readonly refused: readonly unknown[];
}

const subjects: readonly Subject[] = [
  { field: u8, written: [0, 1, 127, 128, 255, 1.5, 2.5, -1, 256], refused: [-1, 256, 0.5, "1", null, true] },
  { field: u16, written: [0, 255, 256, 65_535, 70_000], refused: [-1, 65_536] },
  { field: u32, written: [0, 65_536, 4_294_967_295, 5e9], refused: [-1, 4_294_967_296] },
  { field: i16, written: [-32_768, -129, -128, -33, -32, -1, 0, 32_767, -1.5], refused: [-32_769, 32_768] },
  { field: i32, written: [-2_147_483_648, 2_147_483_647], refused: [-2_147_483_649, 2_147_483_648] },
  { field: tick(), written: [0, 4_294_967_295, 4_294_967_296, 2 ** 40, 2 ** 53 - 1], refused: [-1, 1.5] },
  { field: bool, written: [true, false], refused: [0, null] },
  { field: fixed(0, 1, 0.1), written: [0, 0.04, 0.05, 0.3, 0.7, 1, 2], refused: [11, -1, 0.3] },
  { field: fixed(-100, 100, 0.5), written: [-100, -0.25, 0, 0.25, 99.9, 100], refused: [401] },
  { field: fixed(1, 10, 0.3), written: [0, 1, 1.3, 5.5, 10], refused: [31] },
  { field: fixed(0, 4_000, 0.1), written: [0.1, 1_234.56, 4_000], refused: [40_001] },
  {
    field: angle(),
    written: [0, TURN / 4, TURN / 2, -TURN / 4, TURN, 3 * TURN, TURN * 0.999],
    refused: [256, -1],
  },
  { field: angle(7), written: [0, 1, 6, -1], refused: [7] },
  {
    field: text(8),
    written: ["", "abc", "Grüße", "🙂🙂🙂", "more than eight"],
    refused: ["nine byte", 1, null],
  },
  {
    field: bytes(4),
    written: [Uint8Array.of(), Uint8Array.of(0, 255), Uint8Array.of(1, 2, 3, 4, 5)],
    refused: ["a", [1]],
  },
  { field: oneOf("first", "second", "third"), written: ["first", "third"], refused: [3, -1, "first"] },
  { field: ref("players"), written: [undefined, { id: 1 }, { id: 70_000 }], refused: [-1, null] },
  { field: optional(u8), written: [undefined, 0, 200], refused: [256] },
  { field: optional(ref("players")), written: [undefined, { id: 3 }], refused: ["3"] },
  { field: list(u16, 4), written: [[], [1, 300], [1, 2, 3, 4, 5]], refused: [[1, 2, 3, 4, 5], [-1], 1] },
  { field: list(list(u8, 2), 2), written: [[], [[]], [[1], [2, 3]]], refused: [[1]] },
  { field: list(optional(bool), 3), written: [[true, undefined, false]], refused: [[2]] },
  { field: cold(list(u8, 3)), written: [[], [1, 2, 3]], refused: [[1, 2, 3, 4]] },
];

/** Fields of every type, from their author's value to the wire and back. */
export function valueVectors(): readonly FieldVectors[] {
  return subjects.map(({ field: { description }, written, refused }) => {
    const codec = fieldCodec(description);
    return {
      type: description,
      initial: plain(codec.initial()),
      values: written.map((value) => {
        const wire = codec.quantise(value, context);
        return {
          written: writtenAs(value),
          hex: hexOf(encode(wire)),
          read: plain(codec.restore(wire, lookup)),
        };
      }),
      refused: refused.map((value) => {
        if (codec.accepts(value as Wire)) throw new Error(`${description.type} accepts ${String(value)}`);
        return { hex: hexOf(encode(value)) };
      }),
    };
  });
}

function writtenAs(value: unknown): unknown {
  return typeof value === "object" && value !== null && "id" in value ? { row: value.id } : plain(value);
}
