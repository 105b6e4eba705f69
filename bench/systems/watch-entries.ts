import type { EntryFigures } from "../run/messages.ts";
import type { Watch, Watched } from "./watch.ts";

/** In which ticks players entered, and what that made the room encode. Counted when a tick has gone out. */
export function watchEntries({ bus, room }: Watched): Watch {
  let entries: EntryFigures[] = [];
  let joined = 0;
  bus.on("playerJoined", () => {
    joined += 1;
  });
  bus.on("tickDone", ({ tick, keyframes, latenessMs }) => {
    const entered = joined;
    joined = 0;
    if (entered === 0) return;
    setImmediate(() => {
      const cells = new Set([...room.seats].flatMap(({ following }) => following.held));
      entries.push({ tick, joined: entered, keyframes, streams: 1 + entered + cells.size, latenessMs });
    });
  });
  return {
    begin: () => {
      entries = [];
    },
    figures: () => ({ entries }),
  };
}
