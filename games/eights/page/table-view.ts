import { element, setText } from "../../page/element.ts";
import { type Card, isEight, type Suit } from "../cards.ts";
import { eights, TURN_SECONDS } from "../eights.ts";
import { cardFace, suitSign } from "./card-view.ts";
import type { GameRoom, View } from "./view.ts";
import { messageOf } from "./words.ts";

/** What lies on the table, what is to be done, and the buttons to do it. */
export class TableView {
  readonly #table = element("table", HTMLElement);
  readonly #own = element("own", HTMLElement);
  readonly #stock = element("stock", HTMLButtonElement);
  readonly #stockCount = element("stock-count", HTMLElement);
  readonly #top = element("top-card", HTMLElement);
  readonly #suit = element("suit", HTMLElement);
  readonly #message = element("message", HTMLElement);
  readonly #clock = element("clock", HTMLElement);
  readonly #draw = element("draw", HTMLButtonElement);
  readonly #pass = element("pass", HTMLButtonElement);
  readonly #deal = element("deal", HTMLButtonElement);
  readonly #addHouse = element("add-house", HTMLButtonElement);
  readonly #sit = element("sit", HTMLButtonElement);
  readonly #stand = element("stand", HTMLButtonElement);
  readonly #watchers = element("watchers", HTMLElement);
  #shownTop: Card | undefined;
  #shownSuit: Suit | undefined;

  show(room: GameRoom, view: View): void {
    const { match, seats, players } = room.state;
    this.#table.hidden = false;
    this.#own.hidden = view.seat === undefined;
    this.#table.dataset.phase = match.phase;
    this.#table.classList.toggle("my-turn", view.myTurn);
    setText(this.#message, messageOf(room, view));
    setText(this.#stockCount, match.stock > 0 ? String(match.stock) : "");
    this.#stock.classList.toggle("empty", match.stock === 0);
    this.#stock.disabled = !view.canDraw;
    this.#stock.ariaLabel = `Draw a card: ${match.stock} lie face down`;
    this.#showTop(match.top, match.suit);
    this.#showClock(room, view);

    const isBetween = match.phase !== "playing";
    const isSeated = view.seat !== undefined;
    this.#draw.hidden = !view.canDraw || view.playable.length > 0;
    this.#pass.hidden = !view.myTurn || view.canDraw;
    this.#deal.hidden = !isBetween || !isSeated || seats.size < 2;
    this.#addHouse.hidden = !isBetween || !isSeated || seats.size === 4;
    this.#sit.hidden = isSeated || room.me?.waits === true;
    this.#stand.hidden = !isSeated;
    const watching = players.size - [...seats].filter(({ player }) => player !== undefined).length;
    setText(this.#watchers, watching === 0 ? "" : `${watching} watching`);
  }

  /** A card lands on the pile, from above or from one's own hand. */
  land(from: "above" | "below"): void {
    this.#top.dataset.from = from;
  }

  #showTop(top: Card | undefined, suit: Suit): void {
    if (top !== this.#shownTop) {
      this.#shownTop = top;
      this.#top.replaceChildren(...(top === undefined ? [] : [cardFace(top)]));
    }
    // Every other card says it itself.
    this.#suit.hidden = top === undefined || !isEight(top);
    if (suit === this.#shownSuit) return;
    this.#shownSuit = suit;
    this.#suit.dataset.suit = suit;
    this.#suit.replaceChildren(suitSign(suit));
    this.#suit.title = `To follow: ${suit}`;
    this.#suit.setAttribute("role", "img");
    this.#suit.ariaLabel = `To follow: ${suit}`;
  }

  #showClock({ state: { match }, tick }: GameRoom, { myTurn }: View): void {
    const isRunning = match.phase === "playing" && match.until > tick;
    this.#clock.hidden = !isRunning;
    if (!isRunning) return;
    const share = (match.until - tick) / (TURN_SECONDS * eights.spec.tickRate);
    this.#clock.style.setProperty("--left", String(Math.min(1, Math.max(0, share))));
    this.#clock.classList.toggle("hurry", myTurn && share < 0.3);
  }
}
