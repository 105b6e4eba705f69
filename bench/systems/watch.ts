import type { Bus } from "../../server/bus.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import type { Clock } from "../../shared/tick/clock.ts";
import type { MeasuredWindow, RunSpec, ServerFigures } from "../run/messages.ts";

/** What one scenario looks at in the server beside what all do. */
export interface Watch {
  begin(window: MeasuredWindow): void;
  figures(): Partial<Pick<ServerFigures, "backlog" | "told" | "entries">>;
}

export interface Watched {
  readonly bus: Bus;
  readonly room: RoomCore;
  readonly clock: Clock;
  readonly spec: RunSpec;
  /** Cuts every connection; how many there were. */
  readonly cutAll: () => number;
}
