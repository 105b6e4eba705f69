import type { EventsAnswer, FeedEvent } from "../../answers.ts";
import type { Api } from "../parts/api.ts";
import { poll } from "../parts/poll.ts";

const PERIOD_MS = 1_000;
const MOST = 1_000;

/** Follows the server's feed; the returned function ends it. */
export function followEvents(api: Api, told: (events: readonly FeedEvent[]) => void): () => void {
  let events: FeedEvent[] = [];
  let newest = 0;
  return poll(PERIOD_MS, async (signal) => {
    const given = await api.get<EventsAnswer>(`events?since=${newest}`, signal);
    if (!given.ok) return;
    events = [...events, ...given.answer.events].slice(-MOST);
    newest = events.at(-1)?.sequence ?? newest;
    told(events);
  });
}
