import { fileURLToPath } from "node:url";
import type { ServerApp } from "tickcast/server";
import { meadowRoom } from "./room.ts";

/** What `tickcast start` serves: the rooms, and the page that Vite built beside them. */
export const app: ServerApp = {
  rooms: [meadowRoom],
  pages: { "/": fileURLToPath(new URL("./page/", import.meta.url)) },
};
