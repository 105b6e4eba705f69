import { ClientFrame, ServerFrame } from "../../shared/protocol/frames.ts";

export type ServerFrameName = keyof typeof ServerFrame;
export type ClientFrameName = keyof typeof ClientFrame;

/** Values by field, of rows by id, of tables by name; a record's values stand under its name. */
export type PlainState = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a closed tick tells, besides the state. What is empty is left out. */
export interface Told {
  readonly added?: readonly string[];
  /** Rows with the names of the changed fields. */
  readonly changed?: Readonly<Record<string, readonly string[]>>;
  readonly leftSight?: readonly string[];
  readonly removed?: readonly string[];
  readonly events?: readonly (readonly [name: string, value: unknown])[];
  readonly replies?: readonly unknown[];
  readonly late?: readonly number[];
  readonly slip?: readonly number[];
  /** Events up to this tick are lost. */
  readonly lostUpTo?: number;
}

/** What is to be after a frame that closes a tick. */
export interface AfterTick {
  readonly tick: number;
  readonly hash: string;
  readonly state: PlainState;
  readonly told: Told;
}

/** What a frame that is refused leads to: a gap is mended by a resync on a new connection. */
export type Verdict = "taken" | "ignored" | "bad-frame" | "gap";

export type Step =
  | { readonly client: ClientFrameName; readonly hex: string; readonly parts: unknown }
  | ({ readonly server: ServerFrameName | "unknown"; readonly hex: string } & Partial<AfterTick>)
  | { readonly connection: "opened" | "lost" }
  | { readonly connection: "closed"; readonly code: number; readonly name: string };

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly steps: readonly Step[];
}

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

export function serverFrameName(type: unknown): ServerFrameName | "unknown" {
  const names = Object.entries(ServerFrame).find(([, known]) => known === type);
  return (names?.[0] as ServerFrameName | undefined) ?? "unknown";
}

export function clientFrameName(type: unknown): ClientFrameName {
  const found = Object.entries(ClientFrame).find(([, known]) => known === type);
  if (found === undefined) throw new Error(`no client sends frames of type ${String(type)}`);
  return found[0] as ClientFrameName;
}

/** JSON for any value that a field reads as or a frame holds: `{ "bytes": hex }`, `{ "row": id }`, nil for nothing. */
export function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (value instanceof Uint8Array) return { bytes: hexOf(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** JSON with one line for each entry of its lists, so that a changed vector is a changed line. */
export function vectorText(file: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(file).map(([name, value]) => {
    const head = `  ${JSON.stringify(name)}: `;
    if (!Array.isArray(value)) return head + JSON.stringify(value);
    return `${head}[\n${value.map((item) => `    ${JSON.stringify(item)}`).join(",\n")}\n  ]`;
  });
  return `{\n${parts.join(",\n")}\n}\n`;
}
