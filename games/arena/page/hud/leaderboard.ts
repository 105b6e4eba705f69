import type { Leader, Ship } from "../../arena.ts";
import { element } from "../element.ts";
import { shipColour } from "../palette.ts";

type Line = Pick<Leader, "place" | "name" | "colour" | "bot" | "score" | "deaths" | "wins"> &
  Partial<Pick<Leader, "ship">>;

/** The best of the round; who is not among them sees their own place below. */
export class Leaderboard {
  readonly #list = element("leaderboard", HTMLOListElement);
  readonly #narrow = matchMedia("(max-width: 900px), (max-height: 560px)");
  #shown = "";

  show(leaders: Iterable<Readonly<Leader>>, me: Readonly<Ship> | undefined): void {
    const most = this.#narrow.matches ? 3 : 8;
    const shown: { readonly line: Readonly<Line>; readonly mine: boolean }[] = [];
    for (const leader of leaders) {
      const mine = leader.ship !== undefined && leader.ship.id === me?.id;
      if (leader.place <= most || mine) shown.push({ line: leader, mine });
    }
    shown.sort((a, b) => a.line.place - b.line.place);
    if (me !== undefined && me.place > 0 && !shown.some(({ mine }) => mine))
      shown.push({ line: me, mine: true });
    const state = JSON.stringify(
      shown.map(({ line: { ship, place, name, score, colour, wins }, mine }) => [
        ship?.id,
        place,
        name,
        score,
        colour,
        wins,
        mine,
      ]),
    );
    if (state === this.#shown) return;
    this.#shown = state;
    this.#list.replaceChildren(...shown.map(({ line, mine }) => lineOf(line, mine)));
  }
}

function lineOf(ship: Readonly<Line>, mine: boolean): HTMLLIElement {
  const item = document.createElement("li");
  if (mine) item.className = "me";
  // For spectators, who follow whom they click on.
  if (ship.ship !== undefined) item.dataset.ship = String(ship.ship.id);
  const rank = document.createElement("span");
  rank.textContent = String(ship.place);
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
