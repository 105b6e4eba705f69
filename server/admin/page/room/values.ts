import type { FieldDescription } from "../../../../shared/definition/field.ts";
import type { ReadableValue } from "../../answers.ts";

/** A committed value in words, as its field's definition says. */
export function valueText(value: ReadableValue, field: FieldDescription): string {
  if (value === null) return "–";
  switch (field.type) {
    case "optional":
    case "cold":
      return valueText(value, field.of);
    case "list": {
      const items = value as readonly ReadableValue[];
      return `[${items.map((item) => valueText(item, field.of)).join(", ")}]`;
    }
    case "ref":
      return `${field.table} #${String(value)}`;
    case "angle":
      return `${Math.round((Number(value) * 180) / Math.PI)}°`;
    case "bytes":
      return bytesText(value);
    case "text":
      return String(value);
    default:
      return String(value);
  }
}

/** Whether a field's values are set to the right. */
export function isNumeric({ type }: FieldDescription): boolean {
  return ["u8", "u16", "u32", "i16", "i32", "fixed", "tick", "angle"].includes(type);
}

function bytesText(value: ReadableValue): string {
  if (typeof value !== "object" || value === null || !("bytes" in value)) return "–";
  const { bytes, hex } = value;
  return bytes * 2 > hex.length ? `${bytes} B: ${hex}…` : `${bytes} B: ${hex}`;
}
