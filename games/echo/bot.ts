import { defineBot } from "tickcast/bots";
import { type EchoSpec, echo } from "./echo.ts";

interface Count {
  said: number;
}

/** Says something once a second; bots start at different ticks, so that they do not all speak at once. */
export const bot = defineBot<EchoSpec, Count>(echo, {
  join: () => undefined,
  memory: () => ({ said: 0 }),
  tick(room, { index, memory }) {
    if ((room.tick + index) % echo.spec.tickRate !== 0) return;
    memory.said += 1;
    room.send("say", { text: `message ${memory.said} of bot ${index}`, number: memory.said });
  },
});
