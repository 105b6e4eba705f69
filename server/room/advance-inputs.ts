import type { Bus } from "../bus.ts";
import { outboxOf } from "./outbox.ts";
import type { RoomCore } from "./room-core.ts";

/**
 * Moves every player's input on to tick `tick`, and tells what of late inputs acts in it. With many seats even looking at
 * each costs: their objects are spread over memory.
 */
export function advanceInputs({ name, seats }: RoomCore, tick: number, bus: Bus): void {
  for (const seat of seats) {
    const late = seat.inputs.advance(tick);
    if (late === undefined) continue;
    for (const { inputTick, appliedTick } of late) {
      outboxOf(seat).late.push(inputTick, appliedTick);
      bus.emit("inputLate", { room: name, player: seat.id, inputTick, appliedTick });
    }
  }
}
