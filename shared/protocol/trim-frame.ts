/**
 * Leaves out a frame's trailing empty parts: `undefined`, `null` and empty arrays. A quiet tick then closes
 * in a handful of bytes.
 */
export function trimFrame<Frame extends readonly unknown[]>(frame: Frame, keep: number): unknown[] {
  let length = frame.length;
  while (length > keep && isEmpty(frame[length - 1])) length--;
  return frame.slice(0, length);
}

function isEmpty(part: unknown): boolean {
  return part === undefined || part === null || (Array.isArray(part) && part.length === 0);
}
