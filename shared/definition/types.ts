import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Field, ListField, OptionalField, RefField } from "./field.ts";
import type { GameSpec, StateDefinition } from "./game.ts";
import type { HeldInput, InputDefinition } from "./input.ts";
import type { Fields, RecordDefinition, Table } from "./table.ts";

/** What the author reads and assigns in a field of a game with state `S`. */
export type FieldValue<S extends StateDefinition, F> =
  F extends RefField<infer Name>
    ? (Name extends keyof S ? RowOf<S, Name> : never) | undefined
    : F extends OptionalField<infer Of>
      ? FieldValue<S, Of> | undefined
      : F extends ListField<infer Of>
        ? FieldValue<S, Of>[]
        : F extends Field<infer Value>
          ? Value
          : never;

/** The same as a client reads it. */
export type ReadonlyFieldValue<S extends StateDefinition, F> =
  F extends RefField<infer Name>
    ? (Name extends keyof S ? ReadonlyRowOf<S, Name> : never) | undefined
    : F extends OptionalField<infer Of>
      ? ReadonlyFieldValue<S, Of> | undefined
      : F extends ListField<infer Of>
        ? readonly ReadonlyFieldValue<S, Of>[]
        : F extends Field<infer Value>
          ? Value
          : never;

export type FieldValues<S extends StateDefinition, F extends Fields> = {
  -readonly [Name in keyof F]: FieldValue<S, F[Name]>;
};

export type ReadonlyFieldValues<S extends StateDefinition, F extends Fields> = {
  readonly [Name in keyof F]: ReadonlyFieldValue<S, F[Name]>;
};

type FieldsOf<T> = T extends Table<infer F> ? F : T extends RecordDefinition<infer F> ? F : never;

/** A row as the server's author holds it: plain, mutable, with an id. */
export type RowOf<S extends StateDefinition, Name extends keyof S> = { readonly id: number } & FieldValues<
  S,
  FieldsOf<S[Name]>
>;

/** A row as a client mirrors it. */
export type ReadonlyRowOf<S extends StateDefinition, Name extends keyof S> = {
  readonly id: number;
} & ReadonlyFieldValues<S, FieldsOf<S[Name]>>;

/** A row of a game that is known at run time alone. */
export type GenericRow = { readonly id: number; readonly [field: string]: unknown };

export type TableNames<S extends StateDefinition> = {
  [Name in keyof S]: S[Name] extends Table ? Name : never;
}[keyof S] &
  string;

/** The table whose rows belong to players, or `never`. */
export type OwnerTable<S extends StateDefinition> = {
  [Name in keyof S]: S[Name] extends Table<infer _F, infer O>
    ? O extends { readonly owner: "player" }
      ? Name
      : never
    : never;
}[keyof S];

type InputValue<S extends StateDefinition, I extends InputDefinition> =
  I extends HeldInput<infer F> ? ReadonlyFieldValue<S, F> : boolean;

/** The values of inputs `I` in a game with state `S`. */
export type InputsOf<S extends StateDefinition, I> = {
  readonly [Name in keyof I]: I[Name] extends InputDefinition ? InputValue<S, I[Name]> : never;
};

/** A player's input in one tick. */
export type InputOf<G extends GameSpec> = InputsOf<G["state"], NonNullable<G["input"]>>;

export type EventName<G extends GameSpec> = keyof NonNullable<G["events"]> & string;
/** An event as the server's author gives it. */
export type EventOf<G extends GameSpec, Name extends EventName<G>> = Readonly<
  FieldValues<G["state"], NonNullable<G["events"]>[Name]>
>;
/** An event as a client receives it. */
export type ReceivedEventOf<G extends GameSpec, Name extends EventName<G>> = ReadonlyFieldValues<
  G["state"],
  NonNullable<G["events"]>[Name]
>;

type Accepted<Schema> = Schema extends StandardSchemaV1 ? StandardSchemaV1.InferInput<Schema> : undefined;
type Parsed<Schema> = Schema extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<Schema> : undefined;

/** What `connect` takes. */
export type JoinInputOf<G extends GameSpec> = Accepted<G["join"]>;
/** What the room's `join` hook receives. */
export type JoinOf<G extends GameSpec> = Parsed<G["join"]>;

export type MessageName<G extends GameSpec> = keyof NonNullable<G["messages"]> & string;
/** What `room.send` takes. */
export type MessageInputOf<G extends GameSpec, Name extends MessageName<G>> = Accepted<
  NonNullable<G["messages"]>[Name]
>;
/** What the room's handler of a message receives. */
export type MessageOf<G extends GameSpec, Name extends MessageName<G>> = Parsed<
  NonNullable<G["messages"]>[Name]
>;

export type RequestName<G extends GameSpec> = keyof NonNullable<G["requests"]> & string;
type RequestSpec<G extends GameSpec, Name extends RequestName<G>> = NonNullable<G["requests"]>[Name];
/** What `room.request` takes. */
export type RequestInputOf<G extends GameSpec, Name extends RequestName<G>> = Accepted<
  RequestSpec<G, Name>["input"]
>;
/** What the room's handler of a request receives. */
export type RequestOf<G extends GameSpec, Name extends RequestName<G>> = Parsed<
  RequestSpec<G, Name>["input"]
>;
/** What a request's handler returns. */
export type ReplyInputOf<G extends GameSpec, Name extends RequestName<G>> = Accepted<
  RequestSpec<G, Name>["reply"]
>;
/** What the client gets. */
export type ReplyOf<G extends GameSpec, Name extends RequestName<G>> = Parsed<RequestSpec<G, Name>["reply"]>;
/** The errors that a request declares. */
export type RequestErrorOf<G extends GameSpec, Name extends RequestName<G>> =
  RequestSpec<G, Name> extends { readonly errors: readonly (infer E extends string)[] } ? E : never;
