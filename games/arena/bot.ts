import { defineBot } from "tickcast/bots";
import { type ArenaSpec, arena, COLOURS } from "./arena.ts";
import type { Chance } from "./bot-senses.ts";
import { newWander, type Wander, wander } from "./crowd-member.ts";
import { type Fight, fight, newFight } from "./fighter.ts";

const NAMES = ["Vega", "Orion", "Lyra", "Rigel", "Mira", "Altair", "Nova", "Cygnus", "Io", "Atlas"];
const REMARKS = [
  "gg",
  "nice shot",
  "ouch",
  "who took the shield?",
  "behind you",
  "one more round",
  "hello there",
];

/** From so many players on bots play as a crowd. */
export const CROWD_FROM = 150;
/** Remarks of all bots together, in a second. */
const REMARKS_A_SECOND = 0.1;

interface Mind {
  readonly fight: Fight;
  readonly wander: Wander;
}

/**
 * Among few, plays as a middling person does. Where there are many it is one of a crowd: that is cheap enough to
 * play thousands of them on one machine.
 */
export const bot = defineBot<ArenaSpec, Mind>(arena, {
  join: (self) => ({
    name: `${NAMES[self.index % NAMES.length] ?? "Bot"}-${self.index + 1}`,
    colour: Math.floor(self.random() * COLOURS),
    bot: true,
  }),
  memory: (self) => ({ fight: newFight(self), wander: newWander(self) }),
  tick(room, self) {
    const { me, state, tick } = room;
    if (me === undefined) return;
    const { memory } = self;
    const { players } = state.match;
    if (self.random() * players < REMARKS_A_SECOND / arena.spec.tickRate)
      room.send("chat", { text: remark(self) });
    if (me.life === "dead") {
      memory.fight.target = undefined;
      memory.wander.goal = undefined;
      room.input({ move: undefined, fire: false });
      return;
    }
    const view = { tick, me, players: state.players, pickups: state.pickups, radar: state.radar.ships };
    const input = players < CROWD_FROM ? fight(view, memory.fight, self) : wander(view, memory.wander, self);
    if (input !== undefined) room.input(input);
  },
});

function remark(chance: Chance): string {
  return REMARKS[Math.floor(chance.random() * REMARKS.length)] ?? "gg";
}
