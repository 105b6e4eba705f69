import { type ClientRoom, ConnectError, type ConnectionState, connect } from "tickcast/client";
import { type ArenaSpec, arena } from "../arena.ts";

export type GameRoom = ClientRoom<ArenaSpec>;

export interface Pilot {
  readonly name: string;
  readonly colour: number;
}

/** Where the visitor stands with the server. */
export type Status =
  | { readonly state: "connecting"; readonly attempt: number }
  | { readonly state: "playing"; readonly room: GameRoom }
  | { readonly state: "waiting"; readonly sentence: string; readonly retryAt: number }
  | { readonly state: "ended"; readonly sentence: string; readonly remedy: Remedy };

/** What helps after an end for good: the same again, another room than the one asked for, or the new page. */
export type Remedy = "again" | "any-room" | "reload";

type Close = Extract<ConnectionState, { state: "closed" }>["close"];

/** First pauses before trying again, in milliseconds; they double with each attempt, up to the last. */
const FIRST_PAUSE_MS = { soon: 400, later: 3_000 } as const;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Keeps the visitor in a room: tries again where the close says that it may help, and otherwise says why not.
 * The room's id stands in the page's address, so that the address is the invitation.
 */
export class ArenaConnection {
  readonly #pilot: Pilot;
  readonly #tell: (status: Status) => void;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the room in the address is one that this page was in, not one it was invited to. */
  #wasInRoom = false;

  constructor(pilot: Pilot, tell: (status: Status) => void) {
    this.#pilot = pilot;
    this.#tell = tell;
  }

  async open(): Promise<void> {
    clearTimeout(this.#timer);
    this.#attempt += 1;
    this.#tell({ state: "connecting", attempt: this.#attempt });
    try {
      this.#play(await connect(arena, roomPath(), this.#pilot));
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      this.#ended(error.close);
    }
  }

  /** Leaves the address's room aside and takes whichever has a seat. */
  async openAnyRoom(): Promise<void> {
    forgetRoom();
    this.#attempt = 0;
    await this.open();
  }

  #play(room: GameRoom): void {
    this.#attempt = 0;
    this.#wasInRoom = true;
    rememberRoom(room.id);
    room.onConnection((connection) => {
      if (connection.state === "closed") this.#ended(connection.close);
    });
    this.#tell({ state: "playing", room });
  }

  #ended({ name, retry, sentence }: Close): void {
    // After a restart the room is gone for good, and nobody chose it by hand: any other does.
    if (name === "no-such-room" && this.#wasInRoom) {
      this.#wasInRoom = false;
      void this.openAnyRoom();
      return;
    }
    if (retry === "never") {
      this.#tell({ state: "ended", sentence, remedy: remedyFor(name) });
      return;
    }
    const longest = Math.min(FIRST_PAUSE_MS[retry] * 2 ** this.#attempt, LONGEST_PAUSE_MS);
    const pause = longest * (0.5 + Math.random() / 2);
    this.#tell({ state: "waiting", sentence, retryAt: performance.now() + pause });
    this.#timer = setTimeout(() => void this.open(), pause);
  }
}

function remedyFor(name: Close["name"]): Remedy {
  if (name === "no-such-room" || name === "room-closed") return "any-room";
  return name === "client-outdated" || name === "protocol-version" ? "reload" : "again";
}

/** The room that the page's address names, if any. */
export function invitedTo(): string | undefined {
  return new URL(location.href).searchParams.get("room") ?? undefined;
}

function roomPath(): string {
  const room = invitedTo();
  return room === undefined ? "/arena" : `/arena/${encodeURIComponent(room)}`;
}

function rememberRoom(id: string): void {
  const url = new URL(location.href);
  url.searchParams.set("room", id);
  history.replaceState(null, "", url);
}

function forgetRoom(): void {
  const url = new URL(location.href);
  url.searchParams.delete("room");
  history.replaceState(null, "", url);
}
