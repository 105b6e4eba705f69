import type { BacklogFigures } from "../run/messages.ts";
import { spread } from "../statistics/median.ts";
import type { Watch, Watched } from "./watch.ts";

/** Readings of the process's memory take some microseconds: twice a second are enough. */
const RSS_EVERY_TICKS = 10;

/** What players who do not read cost in memory. Looked at when a tick has gone out. */
export function watchBacklog({ bus, room }: Watched): Watch {
  let rss: number[] = [];
  let bufferedBytes = 0;
  let stalled = 0;
  const look = (tick: number): void => {
    let stalledNow = 0;
    for (const { presence, acks } of room.seats) {
      const isStalled = presence.now.state === "stalled";
      if (isStalled) stalledNow += 1;
      if (isStalled || acks.overdueAt <= tick)
        bufferedBytes = Math.max(bufferedBytes, presence.link?.bufferedBytes() ?? 0);
    }
    stalled = Math.max(stalled, stalledNow);
    if (tick % RSS_EVERY_TICKS === 0) rss.push(process.memoryUsage.rss());
  };
  bus.on("tickDone", ({ tick }) => void setImmediate(look, tick));
  return {
    begin: () => {
      rss = [];
      bufferedBytes = 0;
      stalled = 0;
    },
    figures: () => {
      const { median, max } = spread(rss.length > 0 ? rss : [process.memoryUsage.rss()]);
      const backlog: BacklogFigures = { rssBytes: { median, max }, bufferedBytes, stalled };
      return { backlog };
    },
  };
}
