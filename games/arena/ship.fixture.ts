import type { Ship } from "./arena.ts";

/** A healthy ship for tests. */
export function shipAt(x: number, y: number, rest: Partial<Ship> = {}): Ship {
  return {
    id: 1,
    name: "Ada",
    colour: 0,
    bot: false,
    x,
    y,
    aim: 0,
    life: "alive",
    hp: 100,
    shield: 0,
    weapon: "single",
    dashUntil: 0,
    score: 0,
    deaths: 0,
    wins: 0,
    place: 0,
    weaponUntil: 0,
    respawnAt: 0,
    ...rest,
  };
}

/** What a swarm gives a bot of its own: its index, and chance from a seed. */
export function seededSelf(index: number): { readonly index: number; random(): number } {
  let state = index + 1;
  return {
    index,
    random: () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    },
  };
}
