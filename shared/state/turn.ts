/** A whole turn, in radians. */
export const TURN = 2 * Math.PI;

/** From one direction to another, the shorter way round: above −π, at most π, for directions of whatever turns. */
export function shortWay(from: number, to: number): number {
  const way = (to - from) % TURN;
  if (way > Math.PI) return way - TURN;
  return way < -Math.PI ? way + TURN : way;
}
