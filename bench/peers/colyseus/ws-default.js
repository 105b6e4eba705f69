import { overWs } from "./over-ws.js";
import { serveColyseus } from "./serve-colyseus.js";

serveColyseus({ ...overWs, loop: "default" });
