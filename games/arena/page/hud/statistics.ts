import type { GameRoom } from "../connection.ts";
import { element, setText } from "../element.ts";

const NONE = "–";
/** A new room's first ticks run cold code and say nothing about the cost of a player. */
const WARM_TICKS = 120;
/** Rates are over a second; where much more passed there was no connection meanwhile. */
const LONGEST_MS = 2_500;

/** Figures of the connection, each measured: by the page, or told by the server. */
export class Statistics {
  readonly #ping = element("stat-ping", HTMLElement);
  readonly #tick = element("stat-tick", HTMLElement);
  readonly #frames = element("stat-frames", HTMLElement);
  readonly #bytes = element("stat-bytes", HTMLElement);
  readonly #players = element("stat-players", HTMLElement);
  readonly #server = element("stat-server", HTMLElement);
  #last: { readonly at: number; readonly frames: number; readonly bytes: number } | undefined;

  /** Call for each closed tick. */
  showTick(room: GameRoom): void {
    setText(this.#tick, room.tick.toLocaleString("en"));
  }

  /** Call about once a second. */
  showRates(room: GameRoom, now: number): void {
    const { framesReceived: frames, bytesReceived: bytes, rttMs } = room.statistics;
    const since = now - (this.#last?.at ?? now);
    if (this.#last !== undefined && since > 0 && since < LONGEST_MS && frames >= this.#last.frames) {
      const seconds = since / 1000;
      setText(this.#frames, `${((frames - this.#last.frames) / seconds).toFixed(1)}/s`);
      setText(this.#bytes, perSecond((bytes - this.#last.bytes) / seconds));
    }
    this.#last = { at: now, frames, bytes };
    setText(
      this.#ping,
      rttMs === undefined ? NONE : `${rttMs < 10 ? rttMs.toFixed(1) : Math.round(rttMs)} ms`,
    );
    setText(this.#players, String(room.state.match.players));
    if (room.tick > WARM_TICKS) void this.#askServer(room);
  }

  /** The server's own figure: time of its core for one player and tick. */
  async #askServer(room: GameRoom): Promise<void> {
    const figure = await microsecondsPerPlayer(room.id);
    setText(this.#server, figure === undefined ? NONE : `${figure.toFixed(1)} µs`);
  }
}

async function microsecondsPerPlayer(roomId: string): Promise<number | undefined> {
  try {
    const response = await fetch(`/rooms/${encodeURIComponent(roomId)}`, {
      signal: AbortSignal.timeout(2_000),
    });
    if (!response.ok) return undefined;
    const room: unknown = await response.json();
    if (typeof room !== "object" || room === null || !("microsecondsPerPlayer" in room)) return undefined;
    const { microsecondsPerPlayer: figure } = room;
    return typeof figure === "number" && Number.isFinite(figure) ? figure : undefined;
  } catch {
    // No answer is no figure; the banner tells of a lost server.
    return undefined;
  }
}

function perSecond(bytes: number): string {
  return bytes < 10_000 ? `${(bytes / 1000).toFixed(2)} kB/s` : `${(bytes / 1000).toFixed(1)} kB/s`;
}
