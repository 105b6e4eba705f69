import { type Point, WORLD_SIZE } from "./world.ts";

/**
 * How far one sees. The room tells of what is in square cells; a player follows the cells around two points to
 * either side of their ship, along the longer side of their window: 12 to 15 cells, which are 12 to 15 frames
 * a tick. One point would need 25 smaller cells to see as far.
 */
export const CELL = 450;
export const RADIUS = 1;

/** The room lets rows and points go so far over a border before they count as crossed, as a share of a cell. */
const BORDER = 0.1;

/** Everything up to here, in each direction, is seen from a point, whatever stands beyond its border. */
const SURE = (RADIUS - 2 * BORDER) * CELL;

/** What is surely seen from the middle of a window, in units: along its longer side and its shorter one. */
export const LONG_SIGHT = SURE + CELL / 2;
export const SHORT_SIGHT = SURE;

/** The most that a window shows from its middle; what is left to the sight is for a view that leads and lags. */
export const LONG_VIEW = 480;
export const SHORT_VIEW = 300;

/** Units beyond the border of the world that a window shows: room for the HUD. */
export const OUTSIDE = 100;

/** Which side of a window is the longer one. */
export type Shape = "wide" | "tall";

/** The middle of what a ship's pilot sees: the ship, but at the border of the world farther in. */
export function middleOf({ x, y }: Point, shape: Shape): Point {
  const [across, down] = shape === "wide" ? [LONG_VIEW, SHORT_VIEW] : [SHORT_VIEW, LONG_VIEW];
  return { x: inside(x, across - OUTSIDE), y: inside(y, down - OUTSIDE) };
}

/** The two points whose surroundings make up what a ship's pilot sees. */
export function focusOf(ship: Point, shape: Shape): readonly [Point, Point] {
  const { x, y } = middleOf(ship, shape);
  const half = CELL / 2;
  return shape === "wide"
    ? [
        { x: x - half, y },
        { x: x + half, y },
      ]
    : [
        { x, y: y - half },
        { x, y: y + half },
      ];
}

/** The column or row of cells at a coordinate, which one that was in `before` leaves only beyond the border. */
export function cellAt(coordinate: number, before?: number): number {
  const exact = coordinate / CELL;
  if (before !== undefined && exact >= before - BORDER && exact < before + 1 + BORDER) return before;
  return Math.floor(exact);
}

/** The column or row of cells that whatever is at a coordinate stands in, unless it is so near to a border. */
export function sureCellAt(coordinate: number): number | undefined {
  const exact = coordinate / CELL;
  const cell = Math.floor(exact);
  return exact >= cell + BORDER && exact < cell + 1 - BORDER ? cell : undefined;
}

/** The middle of a square of the radar, which is a cell. */
export function middleOfSquare(square: number): Point {
  const side = Math.ceil(WORLD_SIZE / CELL);
  const [column, line] = [square % side, Math.floor(square / side)];
  const half = CELL / 2;
  return { x: Math.min(column * CELL + half, WORLD_SIZE), y: Math.min(line * CELL + half, WORLD_SIZE) };
}

function inside(middle: number, margin: number): number {
  return Math.min(Math.max(middle, margin), WORLD_SIZE - margin);
}
