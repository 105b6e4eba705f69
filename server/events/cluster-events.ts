import type { StandardSchemaV1 } from "@standard-schema/spec";
import { containsRef } from "../../shared/definition/field.ts";
import type { Fields } from "../../shared/definition/table.ts";
import type { FieldValues } from "../../shared/definition/types.ts";
import { EventCodec } from "./event-codec.ts";

/** What an event between rooms and servers carries: fields as in a game's own events, or whatever a schema accepts. */
export type ClusterEventDefinition = Fields | StandardSchemaV1;

/** What {@link defineClusterEvents} declares: each event by its name. */
export type ClusterEventSpec = Readonly<Record<string, ClusterEventDefinition>>;

/** As it is published. */
export type ClusterEventOf<
  Spec extends ClusterEventSpec,
  Name extends keyof Spec,
> = Spec[Name] extends StandardSchemaV1
  ? StandardSchemaV1.InferInput<Spec[Name]>
  : Spec[Name] extends Fields
    ? Readonly<FieldValues<Record<never, never>, Spec[Name]>>
    : never;

/** As it is heard. */
export type HeardEventOf<
  Spec extends ClusterEventSpec,
  Name extends keyof Spec,
> = Spec[Name] extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Spec[Name]>
  : ClusterEventOf<Spec, Name>;

/** A declaration of events: see {@link defineClusterEvents}. */
export interface ClusterEvents<Spec extends ClusterEventSpec = ClusterEventSpec> {
  /** The same on all servers. */
  readonly name: string;
  readonly spec: Spec;
  /** By name of the event. */
  readonly codecs: ReadonlyMap<string, EventCodec>;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

/**
 * Declares events that rooms and servers of a whole cluster tell one another: what a lobby shows, announcements, presence.
 * Without a cluster they reach the rooms of the one server.
 *
 * They are for what may be missed: an event is heard at most once, by those who listen at that moment. What must not be lost
 * belongs into a database, and what must be up to date is to be said again now and then.
 *
 * @throws RangeError for a name that is none, and for fields that refer to rows, which another room does not have
 * @example
 * export const lobbyNews = defineClusterEvents("lobby", {
 *   room: { id: text(16), players: u16, maxPlayers: u16 },
 *   announcement: v.object({ text: v.string() }),
 * });
 * room.publish(lobbyNews, "room", { id: room.id, players: room.players.size, maxPlayers: 8 });
 * room.listen(lobbyNews, "room", ({ id, players }) => { … });
 */
export function defineClusterEvents<const Spec extends ClusterEventSpec>(
  name: string,
  spec: Spec,
): ClusterEvents<Spec> {
  if (!NAME.test(name)) throw new RangeError(`"${name}" is no name of cluster events: ${NAME}`);
  const codecs = new Map<string, EventCodec>();
  for (const [event, definition] of Object.entries(spec)) {
    const reference = isSchema(definition)
      ? undefined
      : Object.entries(definition).find(([, { description }]) => containsRef(description))?.[0];
    if (reference !== undefined)
      throw new RangeError(
        `${reference} of event "${event}" in "${name}" refers to a row; send what another room can know, such as its id`,
      );
    codecs.set(event, new EventCodec(name, event, definition));
  }
  return Object.freeze({ name, spec, codecs });
}

export function isSchema(definition: ClusterEventDefinition): definition is StandardSchemaV1 {
  return "~standard" in definition;
}
