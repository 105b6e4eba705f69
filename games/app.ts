import { fileURLToPath } from "node:url";
import type { ServerApp } from "tickcast/server";
import { arenaRoom } from "./arena/room.ts";
import { echoRoom } from "./echo/room.ts";

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What `npm start` serves: both games and, beside their compiled rooms, the pages that Vite built. */
export const app: ServerApp = {
  rooms: [arenaRoom, echoRoom],
  pages: {
    "/": folder("./arena/page/"),
    "/echo/": folder("./echo/page/"),
  },
};
