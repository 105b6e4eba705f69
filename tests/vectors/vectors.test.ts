import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FieldDescription } from "../../shared/definition/field.ts";
import { parseClientFrame } from "../../shared/protocol/client-frame.ts";
import { closeByCode } from "../../shared/protocol/close-codes.ts";
import { decodeTrusted, decodeUntrusted, encode } from "../../shared/protocol/codec.ts";
import { fieldCodec } from "../../shared/state/field-codec.ts";
import { vectorFiles } from "./vector-files.ts";
import { bytesOf, plain, type Scenario, type Verdict } from "./vector-format.ts";
import { playOnClient, playOnReplica } from "./vector-player.ts";

const folder = new URL("../../docs/vectors", import.meta.url).pathname;

/** `npm run vectors` writes them anew. */
if (process.env.VECTORS === "write")
  for (const [name, text] of await vectorFiles()) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }

const committed = (name: string): string => readFileSync(join(folder, name), "utf8");
const parsed = <File>(name: string): File => JSON.parse(committed(name)) as File;
const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".json"))
  .toSorted();
const scenarios = names.filter((name) => name.startsWith("scenarios/"));

/** Of everything that the named frames of the scenarios hold. */
const framesOf = (wanted: string): unknown[][] =>
  scenarios.flatMap((name) =>
    parsed<Scenario>(name).steps.flatMap((step) =>
      ("server" in step && step.server === wanted) || ("client" in step && step.client === wanted)
        ? [decodeTrusted(bytesOf(step.hex)) as unknown[]]
        : [],
    ),
  );

describe("[VEC-1] the committed vectors are what the code says now; npm run vectors writes them anew", () => {
  test("and no other file stands among them", async () => {
    const files = await vectorFiles();
    expect(names).toEqual([...files.keys()].toSorted());
    for (const [name, text] of files) expect(committed(name), name).toBe(text);
  });
});

describe("[VEC-2] they hold every type of frame, both ways, and every type of field", () => {
  test.each(["hello", "input", "message", "request", "ping", "ack", "leave", "ready"])("%s", (name) => {
    expect(framesOf(name).length).toBeGreaterThan(0);
  });
  test.each(["definition", "welcome", "keyframe", "delta", "tickEnd", "pong", "pause", "resumed"])(
    "%s",
    (name) => {
      expect(framesOf(name).length).toBeGreaterThan(0);
    },
  );

  test("keyframes of cells and groups; leaves for good, for another stream and for none; released; late; slips", () => {
    expect(new Set(framesOf("keyframe").map(([, , , , audience]) => audience ?? 0))).toEqual(new Set([0, 1]));
    const leaves = framesOf("delta").flatMap(([, , , , , flat]) => (flat ?? []) as number[]);
    const to = leaves.filter((_, at) => at % 3 === 2);
    expect(to).toContain(0);
    expect(to).toContain(-1);
    expect(to.some((stream) => stream > 0)).toBe(true);
    const part = (at: number) =>
      framesOf("delta").filter((frame) => ((frame[at] ?? []) as unknown[]).length > 0);
    for (const at of [4, 5, 6, 7, 8, 9]) expect(part(at).length, `part ${at}`).toBeGreaterThan(0);
    expect(framesOf("tickEnd").some((frame) => frame[6] !== undefined)).toBe(true);
    const bases = framesOf("resumed").map(([, , base]) => base as number);
    expect([bases.includes(0), bases.some((base) => base > 0)]).toEqual([true, true]);
    const statuses = framesOf("delta").flatMap(([, , , , , , , replies]) =>
      ((replies ?? []) as number[][]).map(([, status]) => status),
    );
    expect(new Set(statuses)).toEqual(new Set([0, 1, 2, 3]));
  });

  test("fields", () => {
    const { fields } = parsed<{ fields: { type: FieldDescription }[] }>("values.json");
    const types = "u8 u16 u32 i16 i32 tick bool fixed angle text bytes oneOf ref optional list cold".split(
      " ",
    );
    expect(new Set(fields.map(({ type }) => type.type))).toEqual(new Set(types));
  });
});

describe("[VEC-3] after every tick of a scenario the SDK's replica is what the server committed in sight", () => {
  test.each(scenarios)("%s", (name) => {
    const { steps } = parsed<Scenario>(name);
    const expected = steps.flatMap((step) =>
      "tick" in step ? [{ tick: step.tick, hash: step.hash, state: step.state }] : [],
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(playOnReplica(steps)).toEqual(expected);
  });
});

interface Robustness {
  readonly before: readonly { hex: string }[];
  readonly cases: readonly {
    name: string;
    verdict: Verdict;
    frames: string[];
    tick?: number;
    state?: object;
  }[];
}

describe("[VEC-4] the SDK takes, ignores and refuses frames as the vectors say", () => {
  const { before, cases } = parsed<Robustness>("robustness.json");
  test.each(cases)("$verdict: $name", async ({ verdict, frames, tick, state }) => {
    const played = await playOnClient(
      before.map(({ hex }) => hex),
      frames,
    );
    expect(played.verdict).toBe(verdict);
    if (verdict === "taken") expect({ tick: played.tick, state: played.state }).toEqual({ tick, state });
  });
});

describe("[VEC-5] bytes, fields, clients' frames and codes read as the vectors say", () => {
  test("MessagePack", () => {
    type Pair = { value: unknown; hex: string };
    type Refused = { why: string; hex: string };
    const { written, alike, refused } = parsed<{ written: Pair[]; alike: Pair[]; refused: Refused[] }>(
      "messagepack.json",
    );
    for (const { value, hex } of [...written, ...alike])
      expect(plain(decodeTrusted(bytesOf(hex))), hex).toEqual(value);
    for (const { why, hex } of refused)
      expect(decodeUntrusted(bytesOf(hex)), hex).toMatchObject({ ok: false, reason: why });
  });

  test("fields", () => {
    type Value = { hex: string; read: unknown };
    type Vectors = { type: FieldDescription; values: Value[]; refused: { hex: string }[] };
    for (const { type, values, refused } of parsed<{ fields: Vectors[] }>("values.json").fields) {
      const codec = fieldCodec(type);
      for (const { hex, read } of values) {
        const wire = decodeTrusted(bytesOf(hex));
        if (!codec.accepts(wire)) throw new Error(`${type.type} refuses ${hex}`);
        expect(plain(codec.restore(wire, (_table, row) => ({ row }))), hex).toEqual(read);
      }
      for (const { hex } of refused)
        expect(codec.accepts(decodeTrusted(bytesOf(hex))), `${type.type} ${hex}`).toBe(false);
    }
  });

  test("clients' frames", () => {
    type Frame = { frame: string; meaning: object; hex: string };
    const { frames, refused } = parsed<{ frames: Frame[]; refused: { why: string; hex: string }[] }>(
      "client-frames.json",
    );
    const read = (hex: string) => {
      const decoded = decodeUntrusted(bytesOf(hex));
      return decoded.ok ? parseClientFrame(decoded.value) : undefined;
    };
    for (const { frame, meaning, hex } of frames) {
      const type = read(hex);
      const given = Object.fromEntries(Object.entries(meaning).filter(([, value]) => value !== null));
      expect(type?.type).toBe(frame);
      expect(JSON.parse(JSON.stringify(type)), hex).toMatchObject(
        "payload" in meaning || "values" in meaning ? meaning : given,
      );
    }
    for (const { why, hex } of refused) expect(read(hex), why).toBeUndefined();
  });

  test("close codes", () => {
    const { codes } = parsed<{ codes: { code: number }[] }>("close-codes.json");
    expect(codes.length).toBeGreaterThan(30);
    for (const row of codes) expect(closeByCode(row.code)).toEqual(row);
  });

  test("encoding what was decoded gives the same bytes", () => {
    for (const name of ["client-frames.json", "server-frames.json"])
      for (const { hex } of parsed<{ frames: { hex: string }[] }>(name).frames)
        expect(encode(decodeTrusted(bytesOf(hex))), hex).toEqual(bytesOf(hex));
  });
});
