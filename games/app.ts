import { fileURLToPath } from "node:url";
import type { ServerApp } from "tickcast/server";
import { arenaRoom } from "./arena/room.ts";
import { echoRoom } from "./echo/room.ts";
import { eightsRoom } from "./eights/room.ts";

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What `npm start` serves: the games and, beside their compiled rooms, the pages that Vite built. */
export const app: ServerApp = {
  rooms: [arenaRoom, echoRoom, eightsRoom],
  pages: {
    "/": folder("./arena/page/"),
    "/echo/": folder("./echo/page/"),
    "/eights/": folder("./eights/page/"),
  },
  replays: { arena: "/replay.html" },
};
