export { element, setText } from "../../page/element.ts";

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
