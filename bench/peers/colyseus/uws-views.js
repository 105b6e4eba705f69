import { crowdRoom } from "./crowd-room.js";
import { overUws } from "./over-uws.js";
import { serveRoom } from "./serve-colyseus.js";

serveRoom("crowd", crowdRoom, overUws);
