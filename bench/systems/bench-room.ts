import type { RoomDefinition } from "../../server/room/define-room.ts";
import type { RunSpec } from "../run/messages.ts";
import { playersPerRoom } from "../run/rooms.ts";
import { scenarioNamed } from "../scenarios/catalogue.ts";

/** One seed for every run: all systems see the same game. */
export const BENCH_SEED = 20_250_615;

/** A room of a run, with a seat for every client. */
export function benchRoom(spec: RunSpec): RoomDefinition {
  return scenarioNamed(spec.scenario).room(spec.hz, playersPerRoom(spec), {
    layout: spec.layout ?? "uniform",
    sight: spec.sight ?? "near",
  });
}
