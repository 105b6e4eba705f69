import type { ClientRoom } from "../client/client-room.ts";
import { layoutOf } from "../client/layout-of.ts";
import type { Game } from "../shared/definition/game.ts";
import type { Wire } from "../shared/state/field-codec.ts";
import type { BotDefinition } from "./define-bot.ts";
import type { RecordedPlayer } from "./recorded-players.ts";

interface Part {
  readonly player: RecordedPlayer;
  /** The tick of the stay that is played next. */
  at: number;
}

/** Inputs hold no rows: the definition refuses it. */
const noRows = (): undefined => undefined;

/**
 * A bot that does what a recorded player did: the same inputs, messages and requests, tick by tick from its joining on.
 * It does not look: what the others do is not what they did. Where the player left it begins again, as nobody else would
 * keep up the load. Bots beyond the recorded players play the same parts again.
 *
 * @param game as the bot's server plays it
 * @throws Error where nobody is in the recording
 */
export function recordedBot(game: Game, players: readonly RecordedPlayer[]): BotDefinition {
  if (players.length === 0) throw new Error("nobody played in the recording");
  const { inputs } = layoutOf(game.description);
  const names = {
    message: game.description.messages,
    request: game.description.requests.map(({ name }) => name),
  };
  const partOf = ({ index }: { readonly index: number }): RecordedPlayer =>
    players[index % players.length] as RecordedPlayer;
  return {
    game,
    behaviour: {
      join: (self) => partOf(self).join as never,
      memory: (self): Part => ({ player: partOf(self), at: 0 }),
      tick(room, self) {
        const part = self.memory as Part;
        const { player, at } = part;
        part.at = (at + 1) % player.ticks;
        const values = player.inputs.get(at);
        if (values !== undefined)
          room.input(
            Object.fromEntries(
              inputs.map(({ name, codec }, i) => [name, codec.restore(values[i] as Wire, noRows)]),
            ) as never,
          );
        for (const { kind, index, payload } of player.calls.get(at) ?? []) {
          const name = names[kind][index];
          if (name !== undefined) call(room, kind, name, payload);
        }
        return undefined;
      },
    },
  };
}

function call(room: ClientRoom, kind: "message" | "request", name: string, payload: unknown): void {
  if (kind === "message") room.send(name as never, payload as never);
  else void room.request(name as never, payload as never);
}
