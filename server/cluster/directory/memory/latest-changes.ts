import type { ChangePage } from "../change.ts";
import type { LoggedChange } from "./change-log.ts";
import type { MemoryState } from "./memory-state.ts";

/** Of each room's changes the last, with the room as it is by now; one that was added among them is news. */
export function latestChanges(state: MemoryState, logged: readonly LoggedChange[]): ChangePage["changes"] {
  const latest = new Map<string, LoggedChange>();
  for (const [at, change] of logged.entries()) {
    const isRoom = change.kind.startsWith("room-");
    const key = isRoom ? `room ${change.id}` : `${at}`;
    const before = latest.get(key);
    // Behind everything that is told already, not in its old place.
    latest.delete(key);
    latest.set(
      key,
      before?.kind === "room-added" && change.kind === "room-changed"
        ? { ...change, kind: "room-added" }
        : change,
    );
  }
  return [...latest.values()].flatMap((change) => told(state, change));
}

/** Nothing of what is gone by now: that has a change of its own further on. */
function told(state: MemoryState, change: LoggedChange): ChangePage["changes"] {
  switch (change.kind) {
    case "room-added":
    case "room-changed": {
      const room = state.room(change.id)?.record;
      return room === undefined ? [] : [{ kind: change.kind, room }];
    }
    case "node-up":
    case "node-changed": {
      const node = state.nodes.get(change.id)?.record;
      return node === undefined ? [] : [{ kind: change.kind, node }];
    }
    case "room-removed":
    case "node-down":
      return [change];
  }
}
