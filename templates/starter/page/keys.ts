const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  KeyA: [-1, 0],
  ArrowRight: [1, 0],
  KeyD: [1, 0],
  ArrowUp: [0, -1],
  KeyW: [0, -1],
  ArrowDown: [0, 1],
  KeyS: [0, 1],
};

/** Calls back with the direction, in radians, whenever other keys are held; `undefined` where none is. */
export function onDirection(changed: (direction: number | undefined) => void): void {
  const held = new Set<string>();
  const tell = (): void => {
    let [x, y] = [0, 0];
    for (const key of held) {
      const [dx, dy] = DIRECTIONS[key] ?? [0, 0];
      x += dx;
      y += dy;
    }
    changed(x === 0 && y === 0 ? undefined : Math.atan2(y, x));
  };
  addEventListener("keydown", (event) => {
    if (!(event.code in DIRECTIONS)) return;
    event.preventDefault();
    held.add(event.code);
    tell();
  });
  addEventListener("keyup", ({ code }) => {
    if (held.delete(code)) tell();
  });
  // A key that is let go elsewhere is not told.
  addEventListener("blur", () => {
    held.clear();
    tell();
  });
}
