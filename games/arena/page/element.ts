/**
 * The element of the page with this id.
 *
 * @throws Error where the page has none of this kind: page and script belong to different builds
 */
export function element<E extends Element>(id: string, kind: abstract new () => E): E {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${kind.name} with the id "${id}"`);
}

/** What draws on a canvas. */
export function contextOf(canvas: HTMLCanvasElement | OffscreenCanvas): Pen {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser gives no 2d context");
  return context as Pen;
}

export type Pen = CanvasRenderingContext2D;

/** A canvas that is not on the page, for sprites. */
export function blankCanvas(width: number, height: number): { canvas: HTMLCanvasElement; pen: Pen } {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width);
  canvas.height = Math.ceil(height);
  return { canvas, pen: contextOf(canvas) };
}

/** Sets text only where it differs, so that a HUD refreshed many times a second costs no layout. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
