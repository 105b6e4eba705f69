import type { Ship } from "../../arena.ts";
import { standing } from "../../match.ts";
import { element } from "../element.ts";
import { shipColour } from "../palette.ts";

/** The best of the round; who is not among them sees their own place below. */
export class Leaderboard {
  readonly #list = element("leaderboard", HTMLOListElement);
  readonly #narrow = matchMedia("(max-width: 900px), (max-height: 560px)");
  #shown = "";

  show(ships: Iterable<Readonly<Ship>>, me: number | undefined): void {
    const ranked = [...ships].sort(standing);
    const shown = ranked
      .map((ship, index) => ({ ship, place: index + 1 }))
      .filter(({ ship, place }) => place <= (this.#narrow.matches ? 3 : 8) || ship.id === me);
    const state = JSON.stringify(
      shown.map(({ ship, place }) => [place, ship.name, ship.score, ship.colour, ship.wins]),
    );
    if (state === this.#shown) return;
    this.#shown = state;
    this.#list.replaceChildren(...shown.map(({ ship, place }) => line(ship, place, ship.id === me)));
  }
}

function line(ship: Readonly<Ship>, place: number, mine: boolean): HTMLLIElement {
  const item = document.createElement("li");
  if (mine) item.className = "me";
  const rank = document.createElement("span");
  rank.textContent = String(place);
  const dot = document.createElement("span");
  dot.className = "dot";
  dot.style.background = shipColour(ship.colour).base;
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = ship.wins > 0 ? `★ ${ship.name}` : ship.name;
  if (ship.bot) {
    const mark = document.createElement("small");
    mark.textContent = "bot";
    name.append(mark);
  }
  const score = document.createElement("span");
  score.className = "score";
  score.textContent = String(ship.score);
  score.title = `${ship.score} kills, ${ship.deaths} deaths`;
  item.append(rank, dot, name, score);
  return item;
}
