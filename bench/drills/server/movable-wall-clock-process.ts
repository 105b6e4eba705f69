/** Loaded before the server (`--import`), so that nothing of it holds the real wall clock. */
import { makeWallClockMovable } from "./wall-clock.ts";

makeWallClockMovable();
