import { joinStorm } from "../scenarios/join-storm.ts";
import { reconnectStorm } from "../scenarios/reconnect-storm.ts";
import { slowReaders } from "../scenarios/slow-readers.ts";
import type { Watch, Watched } from "./watch.ts";
import { watchBacklog } from "./watch-backlog.ts";
import { watchEntries } from "./watch-entries.ts";
import { watchTold } from "./watch-told.ts";

const watches = new Map<string, (watched: Watched) => Watch>([
  [slowReaders.name, watchBacklog],
  [reconnectStorm.name, watchTold],
  [joinStorm.name, watchEntries],
]);

/** Begins to look at what a run's scenario is about, where it is about anything particular. */
export function watchOf(watched: Watched): Watch | undefined {
  return watches.get(watched.spec.scenario)?.(watched);
}
