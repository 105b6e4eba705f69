/** The meadow, in units. */
export const WIDTH = 800;
export const HEIGHT = 600;
/** From the middle of a walker to the edge, in units. */
export const RADIUS = 12;

/** How near to the border walkers come: they and their names are drawn whole. */
const EDGE = 36;

/** Units a second. */
const SPEED = 180;

/**
 * Moves a walker by one tick of `dt` seconds. The server calls it for everybody; the page calls it for its own walker,
 * ahead of the server, so that a key works at once. So it depends on its arguments alone.
 */
export function step(
  walker: { x: number; y: number },
  input: { readonly walk: number | undefined },
  dt: number,
): void {
  if (input.walk === undefined) return;
  walker.x = within(walker.x + Math.cos(input.walk) * SPEED * dt, WIDTH);
  walker.y = within(walker.y + Math.sin(input.walk) * SPEED * dt, HEIGHT);
}

function within(value: number, most: number): number {
  return Math.min(most - EDGE, Math.max(EDGE, value));
}
