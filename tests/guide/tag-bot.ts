import { defineBot } from "tickcast/bots";
import { tag } from "./tag.ts";

export const bot = defineBot(tag, {
  join: ({ index }) => ({ name: `bot ${index}` }),
  tick(room, self) {
    if (self.random() < 0.1) room.input({ run: 0 });
  },
});
