import { Bus, type ServerEventName, type ServerEvents } from "../../server/bus.ts";

/** What a listener of that event gets. */
export type ServerEvent<Name extends ServerEventName> = Parameters<ServerEvents[Name]>[0];

/** Of every tick, so that they would be most of what is kept; `server.bus.on` hears them. */
type EveryTick = "tickDone" | "tickFlushed";

const everyTick: ReadonlySet<ServerEventName> = new Set<EveryTick>(["tickDone", "tickFlushed"]);

/**
 * What a server said on its bus since it was started, in order, but for the reports of single ticks.
 *
 * @example
 * expect(server.events.of("playerLeft")).toMatchObject([{ player: 1, reason: "kicked" }]);
 */
export class RecordedEvents {
  readonly #events: { readonly name: ServerEventName; readonly event: unknown }[] = [];

  /** The names alone, in order. */
  get names(): readonly ServerEventName[] {
    return this.#events.map(({ name }) => name);
  }

  /** All events of one name, in order. */
  of<Name extends Exclude<ServerEventName, EveryTick>>(name: Name): readonly ServerEvent<Name>[] {
    return this.#events
      .filter((recorded) => recorded.name === name)
      .map(({ event }) => event as ServerEvent<Name>);
  }

  /** Forgets what was said so far. */
  clear(): void {
    this.#events.length = 0;
  }

  /** Adds what was said; the server does it. */
  record(name: ServerEventName, event: unknown): void {
    if (!everyTick.has(name)) this.#events.push({ name, event });
  }
}

/** A bus whose events are written down before anybody else hears of them. */
export class RecordingBus extends Bus {
  readonly events = new RecordedEvents();

  override emit<Name extends ServerEventName>(name: Name, event: ServerEvent<Name>): void {
    this.events.record(name, event);
    super.emit(name, event);
  }
}
