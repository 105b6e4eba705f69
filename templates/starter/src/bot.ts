import { defineBot } from "tickcast/bots";
import { type Meadow, meadow } from "./game.ts";

/** Walks about, and turns now and then. `npm run bots -- --bots 20` lets twenty of them join. */
export const bot = defineBot<Meadow>(meadow, {
  join: ({ index }) => ({ name: `bot ${index + 1}` }),
  tick(room, { random }) {
    if (random() < 0.05) room.input({ walk: random() < 0.3 ? undefined : random() * 2 * Math.PI });
  },
});
