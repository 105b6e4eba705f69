import type { MonotonicMs } from "../../shared/tick/clock.ts";

/** Where one's own row comes from in a view: as everybody's, or predicted. */
export interface OwnRow {
  /**
   * The row to draw in this frame; called once a frame, when all other rows are drawn.
   *
   * @param now by the environment's clock
   * @param drawn as everybody's, at the view's tick; undefined while there is none
   */
  at(now: MonotonicMs, drawn: object | undefined): object | undefined;
}

/** As everybody's: behind the present by a round trip and the view's delay. */
export const likeOthers: OwnRow = { at: (_now, drawn) => drawn };
