import { type Match, type Ship, TICKS_PER_SECOND } from "../../arena.ts";
import { element, setText } from "../element.ts";

/** The large words in the middle: who destroyed you, who won. */
export class Overlay {
  readonly #view = element("overlay", HTMLElement);
  readonly #title = element("overlay-title", HTMLElement);
  readonly #text = element("overlay-text", HTMLElement);
  #destroyedBy = "";

  destroyed(by: string): void {
    this.#destroyedBy = by;
  }

  show(me: Readonly<Ship> | undefined, match: Readonly<Match>, tick: number): void {
    const seconds = (until: number): number => Math.max(Math.ceil((until - tick) / TICKS_PER_SECOND), 0);
    this.#view.hidden = match.phase === "live" && me?.life !== "dead";
    if (match.phase === "over") {
      const mine = match.winner !== "" && match.winner === me?.name;
      setText(
        this.#title,
        match.winner === "" ? "Nobody scored" : mine ? "You win the round" : `${match.winner} wins`,
      );
      setText(this.#text, `Round ${match.round + 1} starts in ${seconds(match.endsAt)}`);
    } else if (me?.life === "dead") {
      setText(this.#title, this.#destroyedBy === "" ? "Destroyed" : `Destroyed by ${this.#destroyedBy}`);
      setText(this.#text, `Back in ${seconds(me.respawnAt)}`);
    }
  }
}
