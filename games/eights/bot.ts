import { defineBot } from "tickcast/bots";
import type { ClientRoom } from "tickcast/client";
import { type EightsSpec, eights, ticks } from "./eights.ts";
import { type Move, moveOf } from "./strategy.ts";

const NAMES = ["Lotte", "Emil", "Greta", "Anton", "Klara", "Oskar", "Frieda", "Bruno"];
/** How long a bot thinks, at least and at most. */
const THINKS_SECONDS = [0.4, 1.6] as const;
/** A bot that sits alone for so long asks the house to play. */
const LONELY_SECONDS = 3;

interface Mind {
  /** The turn that was seen last, and when its move is made. */
  turn: string;
  movesAt: number;
  aloneSince: number | undefined;
}

/** Plays by the house's own strategy, from what its player sees. */
export const bot = defineBot<EightsSpec, Mind>(eights, {
  join: ({ index }) => ({ name: `${NAMES[index % NAMES.length] ?? "Bot"}-${index + 1}`, bot: true }),
  memory: () => ({ turn: "", movesAt: 0, aloneSince: undefined }),
  tick(room, self) {
    const { match, seats } = room.state;
    const { memory } = self;
    if (match.phase === "waiting") {
      memory.aloneSince = seats.size === 1 ? (memory.aloneSince ?? room.tick) : undefined;
      if (memory.aloneSince !== undefined && room.tick - memory.aloneSince === ticks(LONELY_SECONDS))
        void room.request("addHouse", {});
      return;
    }
    const { me } = room;
    if (match.phase !== "playing" || me === undefined || match.turn?.player?.id !== me.id) return;
    // Every card and every drawing makes another turn of it.
    const turn = `${match.deal} ${match.pile} ${match.stock} ${match.drew}`;
    if (turn !== memory.turn) {
      const [least, most] = THINKS_SECONDS;
      memory.turn = turn;
      memory.movesAt = room.tick + ticks(least + self.random() * (most - least));
    }
    if (room.tick < memory.movesAt) return;
    memory.movesAt = Number.POSITIVE_INFINITY;
    const { top, suit, drew, stock, pile } = match;
    if (top === undefined) return;
    make(room, moveOf({ hand: me.hand, top, suit, drew, canDraw: stock + pile > 1 }));
  },
});

function make(room: ClientRoom<EightsSpec>, move: Move): void {
  switch (move.move) {
    case "play":
      void room.request("play", { card: move.card, ...(move.suit !== undefined && { suit: move.suit }) });
      return;
    case "draw":
    case "pass":
      void room.request(move.move, {});
  }
}
