/** A process of the benchmark: clients that speak Socket.IO. */

import { serveWireLoad } from "./serve-wire-load.ts";
import { socketioWire } from "./socketio-wire.ts";

serveWireLoad(socketioWire);
