import type { GameDescription } from "../../shared/definition/description.ts";
import type { CommittedRow } from "../../shared/state/committed-row.ts";
import type { RestingIds } from "../../shared/state/resting-ids.ts";
import { RowStream } from "../../shared/state/row-stream.ts";
import { SightGrid } from "../../shared/state/sight-grid.ts";
import { CELL_BORDER, type InterestOptions, worldExtent } from "./interest.ts";

/** A room's cells, and how far its players see. */
export interface Sight {
  readonly grid: SightGrid;
  /** In cells of the finest level. */
  readonly radius: number;
}

export interface SightParts {
  readonly description: GameDescription;
  readonly interest: InterestOptions;
  readonly horizonTicks: number;
  readonly streamIds: RestingIds;
  readonly tick: () => number;
  /** A cell has something to send in this tick. */
  readonly onDirty: (stream: RowStream) => void;
  /** A row has come into another cell. */
  readonly onCross: (row: CommittedRow) => void;
}

/** The grid of a room with interest; its cells take their streams' ids from the room's. */
export function makeSight(parts: SightParts): Sight {
  const { description, interest, horizonTicks, streamIds, tick, onDirty, onCross } = parts;
  const grid = new SightGrid({
    cellSize: interest.cellSize,
    extent: worldExtent(description),
    border: CELL_BORDER,
    openStream: () => new RowStream(streamIds.take(tick()), "sight", horizonTicks, onDirty),
    closeStream: (stream) => streamIds.free(stream.id, tick()),
    onCross,
  });
  return { grid, radius: interest.radius ?? 1 };
}
