/**
 * Cuts a frame's trailing empty parts off: `undefined`, `null` and empty arrays. A quiet tick then closes in a handful
 * of bytes. The frame itself is shortened: a tick makes hundreds, and a copy of each would be for nothing.
 *
 * @param keep the parts that stay even where they are empty
 */
export function trimFrame(frame: readonly unknown[], keep: number): readonly unknown[] {
  let length = frame.length;
  while (length > keep && isEmpty(frame[length - 1])) length--;
  if (length < frame.length) (frame as unknown[]).length = length;
  return frame;
}

function isEmpty(part: unknown): boolean {
  return part === undefined || part === null || (Array.isArray(part) && part.length === 0);
}
