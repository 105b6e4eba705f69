/** What a game's definition is written with: safe in pages, bots and servers alike. */
export { type Compatibility, compatibility } from "./definition/compatibility.ts";
export type { GameDescription } from "./definition/description.ts";
export type {
  Field,
  Interpolation,
  ListField,
  OptionalField,
  RefField,
  Visibility,
} from "./definition/field.ts";
export {
  angle,
  bool,
  bytes,
  cold,
  fixed,
  i16,
  i32,
  interpolated,
  list,
  oneOf,
  optional,
  ref,
  text,
  tick,
  u8,
  u16,
  u32,
  visibleTo,
} from "./definition/field-types.ts";
export { defineGame, type Game, type GameSpec, type RequestDefinition } from "./definition/game.ts";
export {
  type HeldInput,
  held,
  type InputDefinition,
  type PressedInput,
  pressed,
} from "./definition/input.ts";
export type { AnyPredict, Predict, World, WorldTable } from "./definition/predict.ts";
export {
  type Fields,
  type RecordDefinition,
  record,
  type Table,
  type TableOptions,
  table,
} from "./definition/table.ts";
export type {
  EventOf,
  GenericRow,
  InputOf,
  InputsOf,
  JoinInputOf,
  JoinOf,
  MessageInputOf,
  MessageOf,
  ReadonlyRowOf,
  ReceivedEventOf,
  ReplyOf,
  RequestErrorOf,
  RequestInputOf,
  RequestOf,
  RowOf,
} from "./definition/types.ts";
