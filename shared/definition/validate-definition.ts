import type { GameDescription, TableDescription } from "./description.ts";
import { containsRef, type FieldDescription } from "./field.ts";
import type { AnyPredict } from "./predict.ts";

/** A mask of changed fields and the mark of a new row share 31 bits. */
export const MAX_FIELDS_PER_TABLE = 30;

const GAME_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
/** Names that rows have already, or that JavaScript gives a meaning of its own. */
const RESERVED = new Set([
  "id",
  "then",
  "toJSON",
  "prototype",
  ...Object.getOwnPropertyNames(Object.prototype),
]);

/**
 * Refuses a definition that cannot work, with a sentence that names the place and the way out.
 *
 * @throws RangeError
 */
export function validateDefinition(game: GameDescription, predict?: AnyPredict): void {
  const fail = (problem: string): never => {
    throw new RangeError(`game "${game.name}": ${problem}`);
  };
  if (!GAME_NAME.test(game.name))
    fail("the name is part of a URL: use up to 32 lower-case letters, digits and hyphens");
  if (!(game.tickRate >= 1 && game.tickRate <= 240))
    fail(`tickRate is ${game.tickRate}; it must be from 1 to 240 ticks a second`);

  const tables = new Map(game.tables.map((table) => [table.name, table]));
  const checkField = (field: FieldDescription, where: string): void => {
    if (field.type === "ref" && tables.get(field.table)?.kind !== "table")
      fail(`${where} refers to "${field.table}", which is no table of this game`);
    // Compared by identity, it would keep the id of a removed row, and later mean the row that got the id.
    if (field.type === "cold" && containsRef(field))
      fail(`${where} is cold and refers to rows, so it would miss their removal; leave cold away`);
    if (field.type === "optional" || field.type === "list") {
      if (field.of.type === "cold")
        fail(`${where} has cold inside, where it has no effect; write cold(${field.type}(…))`);
      checkField(field.of, where);
    }
    if (field.type === "cold") checkField(field.of, where);
  };
  const checkName = (name: string, what: string): void => {
    if (!IDENTIFIER.test(name) || RESERVED.has(name))
      fail(
        `${what} "${name}" needs another name: a plain identifier that neither rows nor objects have already`,
      );
  };

  for (const table of game.tables) {
    checkName(table.name, "table");
    if (table.fields.length === 0) fail(`table "${table.name}" has no fields`);
    if (table.fields.length > MAX_FIELDS_PER_TABLE)
      fail(
        `table "${table.name}" has ${table.fields.length} fields; split it: ${MAX_FIELDS_PER_TABLE} is the most`,
      );
    for (const { name, field } of table.fields) {
      checkName(name, `field of table "${table.name}"`);
      checkField(field, `field "${name}" of table "${table.name}"`);
    }
    checkPosition(table, fail);
    checkGroup(table, fail);
    if (table.owner === undefined && table.fields.some((field) => field.visibleTo === "owner"))
      fail(`table "${table.name}" has fields visible to the owner, so it needs { owner: "player" }`);
  }
  for (const table of game.tables)
    if (table.position === undefined && table.fields.some((field) => field.visibleTo === "sight"))
      fail(`table "${table.name}" has fields visible to those in sight, so it needs a position`);
  const owned = game.tables.filter((table) => table.owner === "player");
  if (owned.length > 1)
    fail(
      `tables ${owned.map((table) => `"${table.name}"`).join(" and ")} are both owned by players; one can be`,
    );

  if (predict !== undefined) checkPredict(predict, game, owned[0]?.name, fail);

  for (const event of game.events) {
    checkName(event.name, "event");
    for (const { name, field } of event.fields) {
      checkName(name, `field of event "${event.name}"`);
      checkField(field, `field "${name}" of event "${event.name}"`);
    }
  }
  for (const input of game.inputs) {
    checkName(input.name, "input");
    checkInput(input.field, input.name, fail);
  }
  for (const message of game.messages) checkName(message, "message");
  for (const request of game.requests) {
    checkName(request.name, "request");
    for (const error of request.errors)
      if (BUILT_IN_REQUEST_ERRORS.has(error))
        fail(
          `request "${request.name}" declares the error "${error}", which Tickcast itself reports; rename it`,
        );
  }
}

/** What a request can end with besides its own errors. */
const BUILT_IN_REQUEST_ERRORS: ReadonlySet<string> = new Set([
  "timeout",
  "closed",
  "internal",
  "invalid",
  "lost",
]);

function checkPosition(table: TableDescription, fail: (problem: string) => never): void {
  for (const name of table.position ?? []) {
    const field = table.fields.find((candidate) => candidate.name === name);
    if (field === undefined) fail(`table "${table.name}" has no field "${name}" for its position`);
    else if (!["fixed", "u8", "u16", "u32", "i16", "i32"].includes(field.field.type))
      fail(`field "${name}" of table "${table.name}" is a position, so it must be a number`);
  }
}

/** A name is compared as a value, so it is of a type whose equal values are one. */
const NAMES_OF_GROUPS = ["oneOf", "u8", "u16", "u32", "i16", "i32", "text", "bool"];

function checkGroup({ name, group, fields }: TableDescription, fail: (problem: string) => never): void {
  if (group === undefined) {
    if (fields.some((field) => field.visibleTo === "group"))
      fail(
        `table "${name}" has fields visible to its group, so it needs { group: "…" }: the field that names it`,
      );
    return;
  }
  const field = fields.find((candidate) => candidate.name === group)?.field;
  if (field === undefined) fail(`table "${name}" has no field "${group}" for its group`);
  else if (!NAMES_OF_GROUPS.includes((field.type === "optional" ? field.of : field).type))
    fail(
      `field "${group}" of table "${name}" names its group, so it must be oneOf, a whole number, text or bool, or optional of these`,
    );
}

function checkPredict(
  { table, step }: AnyPredict,
  { inputs }: GameDescription,
  owned: string | undefined,
  fail: (problem: string) => never,
): void {
  if (owned === undefined)
    fail(`it predicts "${table}", which needs { owner: "player" }: what is predicted is a player's own row`);
  if (table !== owned) fail(`it predicts "${table}", but the table owned by players is "${owned}"`);
  if (inputs.length === 0) fail(`it predicts "${table}", but has no inputs that could move a row`);
  if (typeof step !== "function") fail(`it predicts "${table}", but says no step`);
}

/** Inputs are judged value by value before game code sees them, so they hold neither rows nor large values. */
function checkInput(field: FieldDescription, name: string, fail: (problem: string) => never): void {
  if (field.type === "ref" || field.type === "cold")
    fail(`input "${name}" cannot be ${field.type}; send the row's id as u32 instead`);
  if (field.type === "optional" || field.type === "list") checkInput(field.of, name, fail);
}
