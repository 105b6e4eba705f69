import {
  type ClientRoom,
  type ConnectArguments,
  ConnectError,
  type ConnectionState,
  type ConnectOptions,
  connect,
} from "tickcast/client";
import type { Game, GameSpec, JoinInputOf } from "tickcast/game";
import { forgetSeat, keepSeat } from "./kept-seat.ts";

/** Where the visitor stands with the server. */
export type Status<G extends GameSpec> =
  | { readonly state: "connecting"; readonly attempt: number }
  | { readonly state: "playing"; readonly room: ClientRoom<G>; readonly entry: Entry }
  /** The connection is lost and is tried again; the room stays as it was. */
  | { readonly state: "returning"; readonly attempt: number }
  | { readonly state: "waiting"; readonly sentence: string; readonly retryAt: number }
  /** The seat that this tab had is gone: the visitor may ask for another. */
  | { readonly state: "seatless" }
  | { readonly state: "ended"; readonly sentence: string; readonly remedy: Remedy };

/**
 * How one came to play: with a new seat; with the one that this tab had before it was loaded anew; with another,
 * since the one before was given up; or in the same room as before, on another connection.
 */
export type Entry = "joined" | "reloaded" | "anew" | "returned";

/** What helps after an end for good: the same again, another room than the one asked for, or the new page. */
export type Remedy = "again" | "any-room" | "reload";

type Close = Extract<ConnectionState, { state: "closed" }>["close"];

export interface RoomConnectionParts<G extends GameSpec> {
  readonly game: Game<G>;
  readonly join: JoinInputOf<G>;
  /** What one joins with when the seat was given up: as whom one left. */
  readonly again: (room: ClientRoom<G>) => JoinInputOf<G> | undefined;
  readonly options?: ConnectOptions;
}

/** What the next attempt asks for. */
type Aim = { readonly entry: "joined" | "anew" } | { readonly entry: "reloaded"; readonly token: string };

/** First pauses before trying again, in milliseconds; they double with each attempt, up to the last. */
const FIRST_PAUSE_MS = { soon: 400, later: 3_000 } as const;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Brings the visitor into a room and says how it is. A lost connection is the SDK's business; here is what comes
 * before and after: the attempts to get in, the seat of a page that is loaded anew, and a seat that is given up
 * meanwhile, for which there is another, once. The room's id stands in the page's address, so that the address is
 * the invitation.
 */
export class RoomConnection<G extends GameSpec> {
  readonly #tell: (status: Status<G>) => void;
  readonly #parts: RoomConnectionParts<G>;
  #join: JoinInputOf<G>;
  #aim: Aim = { entry: "joined" };
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: RoomConnectionParts<G>, tell: (status: Status<G>) => void) {
    this.#parts = parts;
    this.#join = parts.join;
    this.#tell = tell;
  }

  async open(): Promise<void> {
    clearTimeout(this.#timer);
    this.#attempt += 1;
    this.#tell({ state: "connecting", attempt: this.#attempt });
    const aim = this.#aim;
    const { game, options } = this.#parts;
    const all: ConnectOptions = { ...options, ...(aim.entry === "reloaded" && { token: aim.token }) };
    const rest = [this.#join, all] as unknown as ConnectArguments<G>;
    try {
      this.#play(await connect(game, roomPath(game.spec.name), ...rest), aim.entry);
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      this.#refused(aim, error.close);
    }
  }

  /** Takes the seat again that this tab had before the page was loaded anew. */
  async takeUp(token: string): Promise<void> {
    this.#aim = { entry: "reloaded", token };
    await this.open();
  }

  /** Leaves the address's room aside and takes whichever has a seat. */
  async openAnyRoom(): Promise<void> {
    forgetRoom();
    this.#attempt = 0;
    await this.open();
  }

  #play(room: ClientRoom<G>, entry: Entry): void {
    this.#attempt = 0;
    this.#aim = { entry: "joined" };
    rememberRoom(room.id);
    keepSeat(`/${this.#parts.game.spec.name}/${room.id}`, room.token);
    room.onConnection((connection) => {
      if (connection.state === "joined") this.#tell({ state: "playing", room, entry: "returned" });
      else if (connection.state === "reconnecting")
        this.#tell({ state: "returning", attempt: connection.attempt });
      else this.#over(room, connection.close, connection.message);
    });
    this.#tell({ state: "playing", room, entry });
  }

  /** A stay is over for good, by its end or since all attempts to return failed. */
  #over(room: ClientRoom<G>, { name, sentence }: Close, message: string): void {
    forgetSeat();
    this.#join = this.#parts.again(room) ?? this.#join;
    if (name !== "bad-token" && name !== "no-such-room") {
      // Whoever runs the server may have said why; other messages are for those who write games.
      const isTold = name === "room-closed" || name === "kicked";
      this.#tell({ state: "ended", sentence: isTold ? message : sentence, remedy: remedyFor(name) });
      return;
    }
    this.#aim = { entry: "anew" };
    // After a restart of the server the room is gone for good, and nobody chose it by hand: any other does.
    void (name === "no-such-room" ? this.openAnyRoom() : this.open());
  }

  /** There was no stay. */
  #refused(aim: Aim, { name, retry, sentence }: Close): void {
    if (aim.entry === "reloaded" && isSeatLost(name)) {
      forgetSeat();
      if (name === "no-such-room") forgetRoom();
      this.#tell({ state: "seatless" });
    } else if (retry === "never") {
      this.#tell({ state: "ended", sentence, remedy: remedyFor(name) });
    } else {
      const longest = Math.min(FIRST_PAUSE_MS[retry] * 2 ** this.#attempt, LONGEST_PAUSE_MS);
      const pause = longest * (0.5 + Math.random() / 2);
      this.#tell({ state: "waiting", sentence, retryAt: performance.now() + pause });
      this.#timer = setTimeout(() => void this.open(), pause);
    }
  }
}

function isSeatLost(name: Close["name"]): boolean {
  return name === "bad-token" || name === "no-such-room" || name === "replaced";
}

function remedyFor(name: Close["name"]): Remedy {
  if (name === "no-such-room" || name === "room-closed") return "any-room";
  return name === "client-outdated" || name === "protocol-version" ? "reload" : "again";
}

/** The room that the page's address names, if any. */
export function invitedTo(): string | undefined {
  return new URL(location.href).searchParams.get("room") ?? undefined;
}

/** Matchmaking finds the room, and gives a ticket where the server asks for one. */
function roomPath(game: string): string {
  const room = invitedTo();
  return room === undefined ? `/join/${game}` : `/join/${game}/${encodeURIComponent(room)}`;
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
