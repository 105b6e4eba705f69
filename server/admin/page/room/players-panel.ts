import type { PlayerLine, PlayersAnswer } from "../../answers.ts";
import type { Api } from "../parts/api.ts";
import { DataTable } from "../parts/data-table.ts";
import { button, h, setText } from "../parts/dom.ts";
import { bytes, count } from "../parts/format.ts";
import { poll } from "../parts/poll.ts";
import { kick } from "./room-actions.ts";

const PERIOD_MS = 1_000;
const MOST = 100;

const tones: Readonly<Record<string, string>> = {
  stalled: "amber",
  returning: "violet",
  away: "faint",
  entering: "sky",
};

/** Who is in the room, and how each keeps up. */
export class PlayersPanel {
  readonly element: HTMLElement;
  readonly #api: Api;
  readonly #id: string;
  readonly #note = h("p", { class: "note" });
  readonly #search = h("input", {
    class: "field",
    type: "search",
    placeholder: "Search name, #id or state",
    "aria-label": "Search players",
  });
  readonly #table: DataTable<PlayerLine>;
  readonly #stop: () => void;

  constructor(api: Api, roomId: string) {
    this.#api = api;
    this.#id = roomId;
    this.#table = this.#makeTable();
    this.element = h(
      "div",
      { class: "tab players" },
      h("div", { class: "filters" }, this.#search, this.#note),
      this.#table.element,
    );
    this.#search.addEventListener("input", () => void this.#look());
    this.#stop = poll(PERIOD_MS, (signal) => this.#look(signal));
  }

  close(): void {
    this.#stop();
  }

  async #look(signal?: AbortSignal): Promise<void> {
    const search = this.#search.value;
    const query = new URLSearchParams({ search, limit: String(MOST) });
    const given = await this.#api.get<PlayersAnswer>(`rooms/${this.#id}/players?${query}`, signal);
    // Another search may have begun meanwhile.
    if (!given.ok || search !== this.#search.value) return;
    const { players, total } = given.answer;
    this.#table.set(players);
    setText(
      this.#note,
      players.length < total ? `the first ${players.length} of ${count(total)}` : count(total),
    );
  }

  #makeTable(): DataTable<PlayerLine> {
    return new DataTable<PlayerLine>({
      label: "Players",
      empty: "Nobody is here, or nobody whom the search finds.",
      key: ({ id }) => String(id),
      columns: [
        { name: "id", label: "#", numeric: true, text: ({ id }) => String(id), by: ({ id }) => id },
        { name: "name", label: "Name", text: ({ name }) => name ?? "–", by: ({ name }) => name ?? "" },
        {
          name: "state",
          label: "State",
          text: ({ state, why, keptTicks }) =>
            [state, why !== null && `(${why})`, keptTicks !== null && `${keptTicks} ticks left`]
              .filter(Boolean)
              .join(" "),
          by: ({ state }) => state,
          tone: ({ state }) => tones[state] ?? "",
        },
        {
          name: "behind",
          label: "Behind",
          numeric: true,
          text: ({ behind }) => (behind === null ? "–" : `${behind} ticks`),
          by: ({ behind }) => behind ?? -1,
        },
        {
          name: "buffered",
          label: "Buffered",
          numeric: true,
          text: ({ bufferedBytes }) => (bufferedBytes === 0 ? "–" : bytes(bufferedBytes)),
          by: ({ bufferedBytes }) => bufferedBytes,
          tone: ({ bufferedBytes }) => (bufferedBytes > 16_384 ? "amber" : ""),
        },
        {
          name: "streams",
          label: "Streams",
          numeric: true,
          text: ({ streams }) => String(streams),
          by: ({ streams }) => streams,
        },
        {
          name: "act",
          label: "",
          text: () => "",
          fill: ({ id, name }, cell) => {
            cell.append(
              button("Kick", () => void kick(this.#api, this.#id, id, name), {
                class: "button small",
                "aria-label": `Kick player ${id}${name === null ? "" : `, ${name}`}`,
              }),
            );
          },
        },
      ],
    });
  }
}
