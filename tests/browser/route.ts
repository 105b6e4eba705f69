import { isClear, type Point, SHIP_RADIUS, WORLD_SIZE } from "../../games/arena/world.ts";

/** The map in squares of this width; narrower than any gap that a ship fits through. */
const SQUARE = 40;
const SIDE = WORLD_SIZE / SQUARE;
/** A ship that a key moves by a whole tick is not to touch a wall on the way. */
const CLEARANCE = SHIP_RADIUS + 8;

const open: readonly boolean[] = Array.from({ length: SIDE * SIDE }, (_, square) => {
  const { x, y } = middleOf(square);
  return isClear(x, y, CLEARANCE);
});

/** Where to go next on the shortest way around all walls: the middle of the next square, then the goal itself. */
export function nextPoint(from: Point, goal: Point): Point {
  const steps = stepsTo(squareOf(goal));
  const here = squareOf(from);
  let best = here;
  for (const square of around(here)) if (stepsAt(steps, square) < stepsAt(steps, best)) best = square;
  return best === here ? goal : middleOf(best);
}

/** How many squares every square is from a goal; from those that are not open, too, since a ship may stand there. */
function stepsTo(goal: number): ReadonlyMap<number, number> {
  const steps = new Map([[goal, 0]]);
  const queue = [goal];
  for (let square = queue.shift(); square !== undefined; square = queue.shift())
    for (const next of around(square)) {
      if (steps.has(next)) continue;
      steps.set(next, stepsAt(steps, square) + 1);
      if (open[next]) queue.push(next);
    }
  return steps;
}

function stepsAt(steps: ReadonlyMap<number, number>, square: number): number {
  return steps.get(square) ?? Number.POSITIVE_INFINITY;
}

function squareOf({ x, y }: Point): number {
  return (
    Math.floor(Math.min(y, WORLD_SIZE - 1) / SQUARE) * SIDE + Math.floor(Math.min(x, WORLD_SIZE - 1) / SQUARE)
  );
}

function middleOf(square: number): Point {
  return { x: ((square % SIDE) + 0.5) * SQUARE, y: (Math.floor(square / SIDE) + 0.5) * SQUARE };
}

/** The squares beside a square. Not those over a corner: there may be a wall. */
function around(square: number): readonly number[] {
  const [column, line] = [square % SIDE, Math.floor(square / SIDE)];
  const beside: number[] = [];
  if (column > 0) beside.push(square - 1);
  if (column < SIDE - 1) beside.push(square + 1);
  if (line > 0) beside.push(square - SIDE);
  if (line < SIDE - 1) beside.push(square + SIDE);
  return beside;
}
