import { type Card, nameOf, RANKS, rankOf, type Suit, suitOf } from "../cards.ts";

const SVG = "http://www.w3.org/2000/svg";

/** The sign of a suit, in the colour of the text around it. */
export function suitSign(suit: Suit): SVGSVGElement {
  const sign = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#suit-${suit}`);
  sign.setAttribute("class", "suit");
  sign.setAttribute("aria-hidden", "true");
  sign.append(use);
  return sign;
}

/** A card face up. */
export function cardFace(card: Card): HTMLElement {
  const face = document.createElement("span");
  face.className = "card face";
  face.dataset.suit = suitOf(card);
  const corner = document.createElement("span");
  corner.className = "corner";
  corner.append(RANKS[rankOf(card)] ?? "", suitSign(suitOf(card)));
  const opposite = corner.cloneNode(true) as HTMLElement;
  opposite.classList.add("opposite");
  const middle = document.createElement("span");
  middle.className = "middle";
  middle.append(suitSign(suitOf(card)));
  face.append(corner, middle, opposite);
  face.setAttribute("role", "img");
  face.ariaLabel = nameOf(card);
  return face;
}

/** A card face down. */
export function cardBack(): HTMLElement {
  const back = document.createElement("span");
  back.className = "card back";
  return back;
}
