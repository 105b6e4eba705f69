/** What is known of a room whose game is not. This file is compiled by `npm run check`, not run. */
import type { ClientRoom } from "../client/client-room.ts";

/** Tables and records are told apart, and a row has what it has. */
export function list({ state, me }: ClientRoom): unknown[] {
  const { runners } = state;
  if (runners === undefined) return [me?.id, me?.name];
  if (!(Symbol.iterator in runners)) return [runners.id, runners.round];
  runners.onAdd(({ id, name }) => void [id, name]);
  return [...runners].map(({ name }) => name);
}

/** The same as it is to be drawn. */
export function draw(room: ClientRoom): unknown[] {
  const { runners } = room.view().state;
  return runners !== undefined && Symbol.iterator in runners ? [...runners].map(({ x }) => x) : [];
}

export function watch(room: ClientRoom): void {
  room.onRecordChange("match", (row, changed) => void [row.id, changed.has("round")]);
}
