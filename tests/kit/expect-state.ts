import { AssertionError } from "node:assert";
import { inspect, isDeepStrictEqual } from "node:util";

type Primitive = string | number | boolean | bigint | undefined | null;

/** A value as it is to be: itself, of a row as much as matters, or a function that judges it. */
export type ExpectedValue<Value> =
  | ((value: Value) => boolean)
  | (Value extends Primitive | Uint8Array
      ? Value
      : Value extends readonly (infer Of)[]
        ? readonly ExpectedValue<Of>[]
        : ExpectedRow<Value>);

/** The fields of a row that matter. */
export type ExpectedRow<Row> = { readonly [Field in keyof Row]?: ExpectedValue<Row[Field]> | undefined };

/**
 * All rows of a table, in order; or some of them by id, where `undefined` is one that must not be there; or a function
 * that judges them all.
 */
type ExpectedTable<Row> =
  | ((rows: readonly Row[]) => boolean)
  | readonly ExpectedRow<Row>[]
  | { readonly [id: number]: ExpectedRow<Row> | undefined };

/** The tables and records of a state that matter. */
export type ExpectedState<State> = {
  readonly [Name in keyof State]?: State[Name] extends Iterable<infer Row>
    ? ExpectedTable<Row>
    : ExpectedRow<State[Name]>;
};

/** Differences that are told at once. */
const MOST_TOLD = 12;

/**
 * Asserts what a client's mirror, or the server's side of a room, holds. What is not mentioned does not matter; a
 * field that must not be seen is expected to be `undefined`.
 *
 * @throws AssertionError that names table, row and field of each difference
 * @example
 * expectState(ada, {
 *   match: { phase: "live" },
 *   players: [{ name: "Ada", x: (x) => x > 20 }, { name: "Grace", hand: undefined }],
 * });
 */
export function expectState<State extends object>(
  of: { readonly state: State },
  expected: ExpectedState<NoInfer<State>>,
): void {
  const differences: string[] = [];
  for (const [name, part] of Object.entries(expected) as [keyof State & string, unknown][]) {
    const held: unknown = of.state[name];
    if (held === undefined) differences.push(`there is no table or record "${name}"`);
    else if (!isIterable(held)) compare(held, part, name, differences);
    else if (typeof part === "function") compare([...held], part, name, differences);
    else if (Array.isArray(part)) compareAll([...held] as readonly Row[], part, name, differences);
    else compareById([...held] as readonly Row[], part as object, name, differences);
  }
  if (differences.length === 0) return;
  const told = differences.slice(0, MOST_TOLD);
  const more = differences.length - told.length;
  throw new AssertionError({
    message: ["The state is not as expected:", ...told, ...(more > 0 ? [`… and ${more} more`] : [])].join(
      "\n  ",
    ),
    actual: of.state,
    expected,
    operator: "expectState",
    stackStartFn: expectState,
  });
}

interface Row {
  readonly id: number;
}

function compareAll(
  rows: readonly Row[],
  expected: readonly unknown[],
  table: string,
  differences: string[],
): void {
  if (rows.length !== expected.length)
    differences.push(`${table} has ${rows.length} rows, expected ${expected.length}`);
  rows.forEach((row, index) => {
    if (index < expected.length) compare(row, expected[index], `${table} #${row.id}`, differences);
  });
}

function compareById(rows: readonly Row[], expected: object, table: string, differences: string[]): void {
  for (const [id, part] of Object.entries(expected)) {
    const row = rows.find((each) => String(each.id) === id);
    if (row === undefined && part !== undefined)
      differences.push(`${table} #${id} is not there, expected ${shown(part)}`);
    else if (row !== undefined && part === undefined)
      differences.push(`${table} #${id} is there, expected no such row`);
    else if (row !== undefined) compare(row, part, `${table} #${id}`, differences);
  }
}

function compare(actual: unknown, expected: unknown, place: string, differences: string[]): void {
  if (typeof expected === "function") {
    if (expected(actual) !== true)
      differences.push(`${place} is ${shown(actual)}, which is refused by ${expected}`);
    return;
  }
  if (isPlain(expected) && typeof actual === "object" && actual !== null) {
    for (const [field, part] of Object.entries(expected))
      compare((actual as Record<string, unknown>)[field], part, `${place}.${field}`, differences);
    return;
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    expected.forEach((part, index) => {
      compare(actual[index], part, `${place}[${index}]`, differences);
    });
    return;
  }
  if (!isDeepStrictEqual(actual, expected))
    differences.push(`${place} is ${shown(actual)}, expected ${shown(expected)}`);
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function shown(value: unknown): string {
  return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 80 });
}
