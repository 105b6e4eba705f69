export type RoomTab = "players" | "state" | "events";

/** What the page shows: all of it stands in the address, so that an address can be sent to somebody. */
export type Route =
  | { readonly view: "overview" }
  | { readonly view: "rooms"; readonly search: string; readonly sort: string }
  | { readonly view: "events"; readonly search: string; readonly level: EventLevels }
  | {
      readonly view: "room";
      readonly id: string;
      /** The tick whose phases are shown. */
      readonly tick: number | undefined;
      readonly tab: RoomTab;
      /** The table of the state that is shown; "" is the first. */
      readonly table: string;
    };

export type EventLevels = "all" | "trouble" | "errors";

export type RoomRoute = Extract<Route, { view: "room" }>;

export function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const asked = new URLSearchParams(query);
  const search = asked.get("search") ?? "";
  const [view, id] = path.split("/");
  if (view === "rooms" && id) {
    const tick = Number(asked.get("tick"));
    return {
      view: "room",
      id: decodeURIComponent(id),
      tick: Number.isInteger(tick) && tick > 0 ? tick : undefined,
      tab: oneOf(asked.get("tab"), ["players", "state", "events"]),
      table: asked.get("table") ?? "",
    };
  }
  if (view === "rooms") return { view, search, sort: asked.get("sort") ?? "" };
  if (view === "events")
    return { view, search, level: oneOf(asked.get("level"), ["all", "trouble", "errors"]) };
  return { view: "overview" };
}

export function writeRoute(route: Route): string {
  switch (route.view) {
    case "overview":
      return "#/";
    case "rooms":
      return `#/rooms${query({ search: route.search, sort: route.sort })}`;
    case "events":
      return `#/events${query({ search: route.search, level: route.level === "all" ? "" : route.level })}`;
    case "room":
      return `#/rooms/${encodeURIComponent(route.id)}${query({
        tick: route.tick === undefined ? "" : String(route.tick),
        tab: route.tab === "players" ? "" : route.tab,
        table: route.table,
      })}`;
  }
}

export function roomAddress(id: string, tick?: number): string {
  return writeRoute({ view: "room", id, tick, tab: "players", table: "" });
}

/** The address says what is shown, and nothing else happens. */
export function keepRoute(route: Route): void {
  history.replaceState(null, "", writeRoute(route));
}

function query(entries: Readonly<Record<string, string>>): string {
  const given = Object.entries(entries).filter(([, value]) => value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

function oneOf<Word extends string>(text: string | null, words: readonly [Word, ...Word[]]): Word {
  return words.find((word) => word === text) ?? words[0];
}
