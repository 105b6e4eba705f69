import type { RoomSummary } from "../../answers.ts";
import { DataTable } from "../parts/data-table.ts";
import { h } from "../parts/dom.ts";
import { bytes, count, ms } from "../parts/format.ts";
import { roomAddress } from "../parts/route.ts";

/** Rooms with what their last second was like. */
export function roomsTable(
  sort: string,
  empty: string,
  onSort: (sort: string) => void = () => {},
): DataTable<RoomSummary> {
  return new DataTable<RoomSummary>({
    label: "Rooms",
    sort,
    onSort,
    empty,
    key: ({ id }) => id,
    columns: [
      {
        name: "room",
        label: "Room",
        text: ({ id }) => id,
        by: ({ game, id }) => `${game}/${id}`,
        fill: ({ game, id }, cell) => {
          cell.append(h("a", { class: "room-link", href: roomAddress(id) }, h("b", {}, game), "/", id));
        },
      },
      {
        name: "players",
        label: "Players",
        numeric: true,
        text: ({ players, maxPlayers }) => `${count(players.total)} / ${count(maxPlayers)}`,
        by: ({ players }) => players.total,
      },
      {
        name: "trouble",
        label: "Stalled, away",
        numeric: true,
        text: ({ players: { stalled, away } }) => (stalled + away === 0 ? "–" : `${stalled}, ${away}`),
        by: ({ players: { stalled, away } }) => stalled * 1_000 + away,
        tone: ({ players }) => (players.stalled > 0 ? "amber" : ""),
      },
      {
        name: "mean",
        label: "Tick, mean",
        numeric: true,
        text: ({ load }) => (load === null ? "–" : ms(load.meanMs)),
        by: ({ load }) => load?.meanMs ?? 0,
      },
      {
        name: "worst",
        label: "Worst",
        numeric: true,
        text: ({ load }) => (load === null ? "–" : ms(load.worstMs)),
        by: ({ load }) => load?.worstMs ?? 0,
        tone: (room) => toneOf(room, room.load?.worstMs ?? 0),
      },
      {
        name: "lateness",
        label: "Lateness",
        numeric: true,
        text: ({ load }) => (load === null ? "–" : ms(load.worstLatenessMs)),
        by: ({ load }) => load?.worstLatenessMs ?? 0,
        tone: (room) => toneOf(room, room.load?.worstLatenessMs ?? 0),
      },
      {
        name: "bytes",
        label: "Encoded",
        numeric: true,
        text: ({ load }) => (load === null ? "–" : `${bytes(load.bytesPerSecond)}/s`),
        by: ({ load }) => load?.bytesPerSecond ?? 0,
      },
      {
        name: "state",
        label: "",
        text: ({ locked, visibility }) =>
          [locked && "locked", visibility === "private" && "private"].filter(Boolean).join(", "),
        tone: () => "faint",
      },
    ],
  });
}

/** A tick has a period to begin and to end in. */
function toneOf({ tickRate }: RoomSummary, timeMs: number): string {
  const share = (timeMs * tickRate) / 1_000;
  return share >= 1 ? "coral" : share >= 0.5 ? "amber" : "";
}
