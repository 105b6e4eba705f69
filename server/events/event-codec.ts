import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Fields } from "../../shared/definition/table.ts";
import { decodeUntrusted, encode } from "../../shared/protocol/codec.ts";
import {
  type FieldCodec,
  fieldCodec,
  type QuantiseContext,
  type Wire,
} from "../../shared/state/field-codec.ts";
import { validate } from "../room/validate.ts";

/** There are no rows, and what is out of range is clamped as in a game's own events. */
const context: QuantiseContext = { outOfRange: () => {}, holds: () => false };

const noRows = (): undefined => undefined;

/** One event between servers as text, and back. What comes from another server is checked as what comes from a player. */
export class EventCodec {
  readonly #title: string;
  readonly #form:
    | { readonly kind: "schema"; readonly schema: StandardSchemaV1 }
    | { readonly kind: "fields"; readonly fields: readonly (readonly [name: string, codec: FieldCodec])[] };

  constructor(declaration: string, event: string, definition: Fields | StandardSchemaV1) {
    this.#title = `event "${event}" of "${declaration}"`;
    this.#form =
      "~standard" in definition
        ? { kind: "schema", schema: definition as StandardSchemaV1 }
        : {
            kind: "fields",
            fields: Object.entries(definition as Fields).map(
              ([name, { description }]) => [name, fieldCodec(description)] as const,
            ),
          };
  }

  /** @throws TypeError that names event and field, for what the event cannot carry */
  write(value: unknown): string {
    const form = this.#form;
    if (form.kind === "schema") {
      const checked = validate(form.schema, value);
      if (!checked.ok) throw new TypeError(`${this.#title}: ${checked.message}`);
      return text(value);
    }
    const given = value as Readonly<Record<string, unknown>>;
    return text(
      form.fields.map(([name, codec]) => {
        try {
          return codec.quantise(given[name], context);
        } catch (cause) {
          throw new TypeError(`${name} of ${this.#title}: ${messageOf(cause)}`, { cause });
        }
      }),
    );
  }

  /** `undefined` where it is none of ours, as of a server of another version. */
  read(written: string): { readonly value: unknown } | undefined {
    const decoded = decodeUntrusted(Buffer.from(written, "base64"));
    if (!decoded.ok) return undefined;
    const form = this.#form;
    if (form.kind === "schema") {
      const checked = validate(form.schema, decoded.value);
      return checked.ok ? { value: checked.value } : undefined;
    }
    const wires = decoded.value;
    if (!Array.isArray(wires) || wires.length !== form.fields.length) return undefined;
    try {
      const entries = form.fields.map(([name, codec], at) => {
        const value = codec.restore(wires[at] as Wire, noRows);
        // What the field cannot hold throws here.
        codec.quantise(value, context);
        return [name, value] as const;
      });
      return { value: Object.fromEntries(entries) };
    } catch {
      return undefined;
    }
  }
}

const text = (value: unknown): string => Buffer.from(encode(value)).toString("base64");

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
