import type { Bus } from "../bus.ts";
import type { BotLauncher } from "../development/bot-launcher.ts";
import { json, problem } from "../http/json.ts";
import type { Matchmaker } from "../matchmaking/matchmaker.ts";
import type { RoomCore } from "../room/room-core.ts";

/** What a close frame has room for. */
const MOST_MESSAGE_BYTES = 123;
const MOST_ANNOUNCEMENT = 240;

export interface OperatorActionsParts {
  readonly matchmaker: Matchmaker;
  readonly bus: Bus;
  /** In development. */
  readonly bots: BotLauncher | undefined;
}

type Body = Readonly<Record<string, unknown>>;

/** What an operator does to rooms and players. Each is told on the bus. */
export class OperatorActions {
  readonly #parts: OperatorActionsParts;

  constructor(parts: OperatorActionsParts) {
    this.#parts = parts;
  }

  /** `undefined` where there is no such action. */
  act(room: RoomCore, action: string, body: Body, address: string): Response | undefined {
    const told = (text: string): Response => {
      this.#parts.bus.emit("operatorActed", { room: room.name, action, address, text });
      return json({ done: text });
    };
    switch (action) {
      case "lock":
      case "unlock":
        room.locked = action === "lock";
        return told(room.locked ? "The operator locked the room." : "The operator unlocked the room.");
      case "close":
        return this.#close(room, body, told);
      case "kick":
        return this.#kick(room, body, told);
      case "announce":
        return this.#announce(room, body, told);
      case "bots":
        return this.#addBots(room, body, told);
      default:
        return undefined;
    }
  }

  announces(room: RoomCore): boolean {
    return this.#hookOf(room) !== undefined;
  }

  #close(room: RoomCore, body: Body, told: (text: string) => Response): Response {
    const message = messageIn(body);
    if (message === undefined) return badMessage();
    if (message !== "") for (const seat of room.seats) seat.farewell = { reason: "room-closed", message };
    room.close("room-closed");
    return told(`The operator closed the room${saying(message)}.`);
  }

  #kick(room: RoomCore, body: Body, told: (text: string) => Response): Response {
    const message = messageIn(body);
    if (message === undefined) return badMessage();
    const seat = [...room.seats].find(({ id }) => id === body.player);
    if (seat === undefined) return problem(404, "no-such-player", "There is no such player in the room.");
    if (message !== "") seat.farewell = { reason: "kicked", message };
    seat.player.close("kicked");
    return told(`The operator removed player ${seat.id}${saying(message)}.`);
  }

  #announce(room: RoomCore, { text }: Body, told: (text: string) => Response): Response {
    const announce = this.#hookOf(room);
    if (announce === undefined)
      return problem(409, "no-announcements", `The game "${room.name.game}" has no announce hook.`);
    if (typeof text !== "string" || text.trim() === "" || text.length > MOST_ANNOUNCEMENT)
      return problem(400, "bad-request", `"text" is 1 to ${MOST_ANNOUNCEMENT} characters.`);
    const said = text.trim();
    room.runInTick(
      () => {
        // The room may have closed before its next tick.
        if (room.closedBy === undefined)
          room.containment.run({ hook: "announce" }, () => announce(room.facade, said));
      },
      { hook: "announce", text: said },
    );
    return told(`The operator announced: ${said}`);
  }

  #addBots(room: RoomCore, { bots }: Body, told: (text: string) => Response): Response {
    if (this.#parts.bots === undefined)
      return problem(409, "development-only", "Bots can be added in development only.");
    const started = this.#parts.bots.start({ game: room.name.game, room: room.name.id, bots });
    return started.status === 202 ? told(`The operator added ${String(bots)} bots.`) : started;
  }

  #hookOf(room: RoomCore) {
    return this.#parts.matchmaker.definition(room.name.game)?.config.announce;
  }
}

/** The message to players in a body, "" where there is none; `undefined` for one that no close frame can carry. */
function messageIn({ message = "" }: Body): string | undefined {
  if (typeof message !== "string") return undefined;
  const said = message.trim();
  return Buffer.byteLength(said) <= MOST_MESSAGE_BYTES ? said : undefined;
}

function badMessage(): Response {
  return problem(400, "bad-request", `"message" is text of at most ${MOST_MESSAGE_BYTES} bytes.`);
}

function saying(message: string): string {
  return message === "" ? "" : `, saying: ${message.replace(/\.$/, "")}`;
}
