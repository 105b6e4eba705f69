import type { OutOfRangeWarning } from "../../shared/state/committed-state.ts";
import type { QuantiseContext, Wire } from "../../shared/state/field-codec.ts";
import type { EventLayout } from "../../shared/state/game-layout.ts";

/**
 * An event's values in wire form. `mayName` says which rows it may refer to; any other reads as none.
 *
 * @throws TypeError that names event and field, where a value is none that the field can hold
 */
export function eventWire(
  event: EventLayout,
  value: Readonly<Record<string, unknown>>,
  mayName: QuantiseContext["holds"],
  onOutOfRange: (warning: OutOfRangeWarning) => void,
): Wire[] {
  return event.fields.map(({ name, codec }) => {
    const context: QuantiseContext = {
      outOfRange: (given, bounds) =>
        onOutOfRange({ table: `event ${event.name}`, field: name, row: 0, value: given, bounds }),
      holds: mayName,
    };
    try {
      return codec.quantise(value[name], context);
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new TypeError(`${name} of event "${event.name}": ${problem}`, { cause });
    }
  });
}
