import { element, setText } from "../../page/element.ts";
import { cardBack, cardFace } from "./card-view.ts";
import type { GameRoom, SeatRow, View } from "./view.ts";

/** So many backs tell how many; the figure says the rest. */
const MOST_BACKS = 8;

/** The others at the table, and one's own name plate. */
export class SeatsView {
  readonly #list = element("seats", HTMLElement);
  readonly #own = element("own-seat", HTMLElement);
  readonly #plates = new Map<number, SeatPlate>();

  show(room: GameRoom, { seat, others }: View): void {
    const ids = new Set(others.map(({ id }) => id));
    for (const [id, plate] of this.#plates)
      if (!ids.has(id)) {
        plate.node.remove();
        this.#plates.delete(id);
      }
    others.forEach((other, index) => {
      const plate = this.#plates.get(other.id) ?? new SeatPlate();
      this.#plates.set(other.id, plate);
      if (this.#list.children[index] !== plate.node)
        this.#list.insertBefore(plate.node, this.#list.children[index] ?? null);
      plate.show(room, other);
    });
    const text =
      seat === undefined ? "" : `${seat.name} · ${seat.score} ${seat.score === 1 ? "point" : "points"}`;
    setText(this.#own, text);
    this.#own.classList.toggle("on-turn", seat !== undefined && room.state.match.turn?.id === seat.id);
  }
}

class SeatPlate {
  readonly node = document.createElement("article");
  readonly #name = document.createElement("strong");
  readonly #tag = document.createElement("span");
  readonly #score = document.createElement("span");
  readonly #cards = document.createElement("div");
  #shown = "";

  constructor() {
    this.node.className = "seat panel";
    this.#tag.className = "tag";
    this.#score.className = "score number";
    this.#cards.className = "backs";
    this.node.append(this.#name, this.#tag, this.#score, this.#cards);
  }

  show({ state: { match } }: GameRoom, seat: SeatRow): void {
    setText(this.#name, seat.name);
    setText(this.#tag, tagOf(seat));
    setText(this.#score, `${seat.score} ${seat.score === 1 ? "point" : "points"}`);
    const isOnTurn = match.turn?.id === seat.id;
    this.node.classList.toggle("on-turn", isOnTurn);
    this.node.classList.toggle("winner", match.winner?.id === seat.id);
    this.node.ariaLabel = `${seat.name}, ${seat.cards} cards${isOnTurn ? ", to move" : ""}`;
    const shown = seat.shown.length > 0 ? seat.shown.join(" ") : `${seat.cards} backs`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    if (seat.shown.length > 0) {
      this.#cards.replaceChildren(...seat.shown.map((card) => cardFace(card)));
      return;
    }
    const count = document.createElement("span");
    count.className = "count number";
    count.textContent = String(seat.cards);
    const backs = Array.from({ length: Math.min(seat.cards, MOST_BACKS) }, cardBack);
    this.#cards.replaceChildren(...backs, ...(seat.cards > 0 ? [count] : []));
  }
}

function tagOf({ player, playedBy }: SeatRow): string {
  if (player === undefined) return "house";
  if (playedBy === "house") return "away: the house plays";
  return player.bot ? "bot" : "";
}
