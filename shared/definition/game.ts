import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { GameDescription } from "./description.ts";
import { describeGame } from "./description.ts";
import { descriptionHash } from "./description-hash.ts";
import type { InputDefinition } from "./input.ts";
import type { AnyPredict, PredictOf } from "./predict.ts";
import type { Fields, RecordDefinition, Table } from "./table.ts";
import { type NoOthers, refuseUnknownOptions } from "./unknown-options.ts";
import { validateDefinition } from "./validate-definition.ts";

export type Inputs = { readonly [name: string]: InputDefinition };
export type StateDefinition = { readonly [name: string]: Table | RecordDefinition };

/** A call from a client that is answered: schemas of what goes in and out, and the errors it may name. */
export interface RequestDefinition {
  readonly input: StandardSchemaV1;
  readonly reply: StandardSchemaV1;
  readonly errors?: readonly string[];
}

/** What server, page and bots share of a game. Everything typed follows from it. */
export interface GameSpec {
  /** The first segment of the game's URL: lower-case letters, digits and hyphens. */
  readonly name: string;
  /** Ticks a second, 1 to 240. */
  readonly tickRate: number;
  /** What `connect` passes and the room's `join` receives. Absent: nothing. */
  readonly join?: StandardSchemaV1;
  readonly state: StateDefinition;
  readonly input?: { readonly [name: string]: InputDefinition };
  /** Server to clients, with the tick they happened in. */
  readonly events?: { readonly [name: string]: Fields };
  /** Client to server, unanswered. */
  readonly messages?: { readonly [name: string]: StandardSchemaV1 };
  /** Client to server, answered. */
  readonly requests?: { readonly [name: string]: RequestDefinition };
  /** How a player's own row moves, see {@link Predict}. For client and server alone: no part of what travels. */
  readonly predict?: AnyPredict;
}

/** A validated game: the author's spec and, derived from it, what travels to clients. */
export interface Game<Spec extends GameSpec = GameSpec> {
  readonly spec: Spec;
  readonly description: GameDescription;
  /** Equal for equal descriptions; schemas are not part of it. */
  readonly hash: string;
}

/**
 * Defines a game once, for server, page and bots.
 *
 * @param spec `S` and `I` are its state and inputs: named on their own so that they are known where the parameters of
 * `predict.step` get their types, which is before the type of the whole literal is
 * @throws RangeError with a sentence where a name, rate, field, reference or option cannot work.
 */
export function defineGame<
  const Spec extends GameSpec,
  const S extends StateDefinition = Spec["state"],
  const I extends Inputs = Record<never, never>,
>(
  spec: Spec & { readonly state: S; readonly input?: I; readonly predict?: PredictOf<S, I> } & NoOthers<
      Spec,
      GameSpec
    >,
): Game<Spec> {
  refuseUnknownOptions(spec);
  const description = describeGame(spec);
  validateDefinition(description, spec.predict);
  refuseInterpolatedBeyondState(spec);
  return Object.freeze({ spec, description, hash: descriptionHash(description) });
}

/** Inputs and events belong to one tick: between two there is nothing of them to draw. */
function refuseInterpolatedBeyondState({ name, input = {}, events = {} }: GameSpec): void {
  const fail = (where: string): never => {
    throw new RangeError(
      `game "${name}": ${where} cannot be interpolated; only the state is drawn between ticks`,
    );
  };
  for (const [held, definition] of Object.entries(input))
    if (definition.kind === "held" && definition.field.interpolated) fail(`input "${held}"`);
  for (const [event, fields] of Object.entries(events))
    for (const [field, { interpolated }] of Object.entries(fields))
      if (interpolated) fail(`field "${field}" of event "${event}"`);
}
