import { overUws } from "./over-uws.js";
import { serveColyseus } from "./serve-colyseus.js";

serveColyseus({ ...overUws, loop: "aligned" });
