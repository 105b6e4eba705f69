import type { ClientRoom } from "../client/client-room.ts";
import type { Game, GameSpec } from "../shared/definition/game.ts";
import type { JoinInputOf } from "../shared/definition/types.ts";

/** What a bot has of its own. */
export interface BotSelf<Memory> {
  /** 0, 1, 2, … over the whole swarm. */
  readonly index: number;
  /** A number in [0, 1) from the swarm's seed and the index. */
  random(): number;
  /** What `memory` returned: the bot's own, to change at will. */
  readonly memory: Memory;
}

/** How a game's bots play. */
export interface BotBehaviour<G extends GameSpec, Memory> {
  /** What the bot joins with. */
  readonly join: (self: { readonly index: number; random(): number }) => JoinInputOf<G>;
  /** Makes what the bot has of its own, before it joins. */
  readonly memory?: (self: { readonly index: number; random(): number }) => Memory;
  /** Called once, when the first tick has closed. */
  readonly start?: (room: ClientRoom<G>, self: BotSelf<Memory>) => undefined;
  /** Called each time a tick has closed: look at `room.state`, call `room.input` and `room.send`. */
  readonly tick?: (room: ClientRoom<G>, self: BotSelf<Memory>) => undefined;
}

/** A game with the behaviour of its bots. A bot module exports one as `bot`. */
export interface BotDefinition {
  readonly game: Game;
  readonly behaviour: BotBehaviour<GameSpec, unknown>;
}

/**
 * Defines how bots play a game.
 *
 * @example
 * export const bot = defineBot(arena, {
 *   join: ({ index }) => ({ name: `bot ${index}` }),
 *   tick(room, self) { if (self.random() < 0.05) room.input({ fire: true }); },
 * });
 */
export function defineBot<G extends GameSpec, Memory = undefined>(
  game: Game<G>,
  behaviour: BotBehaviour<G, Memory>,
): BotDefinition {
  return { game: game as unknown as Game, behaviour: behaviour as unknown as BotDefinition["behaviour"] };
}
