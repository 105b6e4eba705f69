/** A process of the benchmark: clients that speak Colyseus. */
import { colyseusWire } from "./colyseus-wire.ts";
import { serveWireLoad } from "./serve-wire-load.ts";

serveWireLoad(colyseusWire);
