import { passing } from "./process/passing.ts";
import type { Remote } from "./process/remote.ts";
import { SOON_MS } from "./process/stage.ts";
import { type Census, leftBehind, type Memory } from "./server/census.ts";
import type { ServerCalls } from "./server/drill-server-process.ts";

const LOOK_EVERY_MS = 100;

/** What a server holds when everybody who came has gone. */
export interface Rest {
  readonly census: Census;
  readonly memory: Memory;
  /** What is there that was not before, or the other way round; empty where all is as it was. */
  readonly leftBehind: readonly string[];
}

/** A timer that is about to fire and an immediate of this turn are no leak: the least of so many looks counts. */
const LOOKS = 10;
const BETWEEN_LOOKS_MS = 17;

/** What is there at rest, while ticks go on. */
export async function calmCensus(server: Remote<ServerCalls>): Promise<Census> {
  let census = await server.call("census", undefined, SOON_MS);
  for (let look = 1; look < LOOKS; look++) {
    await passing(BETWEEN_LOOKS_MS);
    const next = await server.call("census", undefined, SOON_MS);
    census = {
      ...next,
      timers: Math.min(census.timers, next.timers),
      handles: Math.min(census.handles, next.handles),
    };
  }
  return census;
}

/**
 * Waits until a server holds what it held before, then for as long as it remembers who was there, and looks. Where it
 * does not come back to that, says what is left.
 *
 * @param remembersMs for how long it may keep what is past: its horizon
 * @param withinMs how long it may take until nobody is there any more
 */
export async function rest(
  server: Remote<ServerCalls>,
  before: Census,
  { remembersMs, withinMs }: { readonly remembersMs: number; readonly withinMs: number },
): Promise<Rest> {
  const settled = async (): Promise<Census> => {
    let census = await calmCensus(server);
    for (
      let waited = 0;
      waited < withinMs && leftBehind(before, census).length > 0;
      waited += LOOK_EVERY_MS
    ) {
      await passing(LOOK_EVERY_MS);
      census = await calmCensus(server);
    }
    return census;
  };
  await settled();
  await passing(remembersMs);
  const memory = await server.call("memory", undefined, SOON_MS);
  // Once more: where the machine stood still, those who stay may be catching up at any moment.
  const census = await settled();
  return { census, memory, leftBehind: leftBehind(before, census) };
}
