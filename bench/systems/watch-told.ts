import { dueAt } from "../../shared/tick/tick.ts";
import { cutsOf, StormLedger, settlesAt } from "../scenarios/reconnect-storm.ts";
import type { Watch, Watched } from "./watch.ts";

/** What a room of the storm told and heard, and who kept the seat. Does the server's share of the cuts. */
export function watchTold({ bus, room, clock, spec, cutAll }: Watched): Watch {
  const ledger = room.data;
  if (!(ledger instanceof StormLedger)) throw new Error("a room that does not count cannot be watched");
  let joined = 0;
  let left = 0;
  let cut = 0;
  bus.on("playerJoined", () => {
    joined += 1;
  });
  bus.on("playerLeft", () => {
    left += 1;
  });
  return {
    begin(window) {
      ledger.window = window;
      // By the clock, too: a room that slips is behind, and what it tells is to have arrived when all is counted.
      const settles = dueAt(window.epoch, settlesAt(window), window.periodMs);
      clock.after(settles - clock.now(), () => {
        ledger.window = undefined;
      });
      for (const { at, by } of cutsOf(window, spec.cuts ?? 0))
        if (by === "server")
          clock.after(at - clock.now(), () => {
            cut += cutAll();
          });
    },
    figures: () => ({
      told: {
        global: ledger.global,
        places: [...ledger.places],
        private: [...ledger.private],
        ...ledger.heard(),
        joined,
        left,
        cut,
      },
    }),
  };
}
