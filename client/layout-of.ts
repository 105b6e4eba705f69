import type { GameDescription } from "../shared/definition/description.ts";
import { type GameLayout, gameLayout } from "../shared/state/game-layout.ts";

const layouts = new WeakMap<GameDescription, GameLayout>();

/** A description's layout, built once: a swarm of clients of one game shares it. */
export function layoutOf(description: GameDescription): GameLayout {
  let layout = layouts.get(description);
  if (layout === undefined) {
    layout = gameLayout(description);
    layouts.set(description, layout);
  }
  return layout;
}
