import { angle, defineGame, fixed, held, interpolated, table, text, u16 } from "tickcast/game";
import * as v from "valibot";
import { HEIGHT, step, WIDTH } from "./step.ts";

/** What server, page and bots share. All types of the game follow from it. */
export const meadow = defineGame({
  name: "meadow",
  tickRate: 20,
  /** What a player brings. */
  join: v.object({ name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(16)) }),
  /** What everybody sees. Each player owns one row of `walkers`. */
  state: {
    walkers: table(
      {
        name: text(64),
        hue: u16,
        x: interpolated(fixed(0, WIDTH, 0.1)),
        y: interpolated(fixed(0, HEIGHT, 0.1)),
      },
      { owner: "player" },
    ),
  },
  /** What a player does: the direction to walk in, or `undefined` to stand. */
  input: { walk: held(angle(), "optional") },
  predict: { table: "walkers", step },
});

export type Meadow = (typeof meadow)["spec"];
