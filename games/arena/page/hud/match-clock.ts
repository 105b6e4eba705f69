import { type Match, TICKS_PER_SECOND } from "../../arena.ts";
import { KILLS_TO_WIN } from "../../match.ts";
import { element, setText } from "../element.ts";

/** What is left of the round. */
export class MatchClock {
  readonly #view = document.querySelector(".clock");
  readonly #time = element("clock-time", HTMLElement);
  readonly #round = element("clock-round", HTMLElement);

  show(match: Readonly<Match>, tick: number): void {
    const seconds = Math.max(Math.ceil((match.endsAt - tick) / TICKS_PER_SECOND), 0);
    setText(this.#time, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    setText(
      this.#round,
      match.phase === "live" ? `round ${match.round} · first to ${KILLS_TO_WIN}` : "next round",
    );
    this.#view?.classList.toggle("hurry", match.phase === "live" && seconds <= 15);
  }
}
