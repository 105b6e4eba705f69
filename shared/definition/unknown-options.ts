import type { GameSpec, RequestDefinition } from "./game.ts";
import type { TableOptions } from "./table.ts";

/** What there is, so that what there is not is found. The compiler holds each list to its type. */
const GAME: Readonly<Record<keyof GameSpec, true>> = {
  name: true,
  tickRate: true,
  join: true,
  state: true,
  input: true,
  events: true,
  messages: true,
  requests: true,
  predict: true,
};
const TABLE: Readonly<Record<keyof TableOptions, true>> = {
  owner: true,
  position: true,
  group: true,
  visibleTo: true,
};
const REQUEST: Readonly<Record<keyof RequestDefinition, true>> = { input: true, reply: true, errors: true };

/** The properties of `Given` that `Known` has not, as a type that nothing fits. */
export type NoOthers<Given, Known> = { readonly [Name in Exclude<keyof Given, keyof Known>]: never };

/**
 * Refuses options that there are not. One that is misspelt would have no effect, which for `visibleTo` makes a secret
 * public.
 *
 * @throws RangeError that names the place, the option and those that there are
 */
export function refuseUnknownOptions(spec: GameSpec): void {
  const refuse = (where: string, given: object, known: Readonly<Record<string, true>>): void => {
    const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name));
    if (unknown !== undefined)
      throw new RangeError(
        `game "${spec.name}": ${where} has no option "${unknown}"; there are ${Object.keys(known).join(", ")}`,
      );
  };
  refuse("it", spec, GAME);
  for (const [name, definition] of Object.entries(spec.state))
    if (definition.kind === "table") refuse(`table "${name}"`, definition.options, TABLE);
  for (const [name, request] of Object.entries(spec.requests ?? {}))
    refuse(`request "${name}"`, request, REQUEST);
}
