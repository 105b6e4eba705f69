import { NAME_LENGTH } from "../arena.ts";
import { SHIP_COLOURS } from "./palette.ts";

/** What the browser remembers between visits. */
export interface Settings {
  readonly name: string;
  readonly colour: number;
  readonly sound: boolean;
}

const KEY = "tickcast-arena";
const FIRST = ["Swift", "Quiet", "Bright", "Lucky", "Bold", "Sly", "Wild", "Calm"];
const SECOND = ["Fox", "Comet", "Otter", "Falcon", "Lynx", "Heron", "Badger", "Wren"];

/** Private windows may refuse storage; a game needs none. */
export function loadSettings(): Settings {
  const fresh: Settings = { name: someName(), colour: anyOf(SHIP_COLOURS), sound: true };
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (typeof stored !== "object" || stored === null) return fresh;
    return {
      name:
        "name" in stored && typeof stored.name === "string" ? stored.name.slice(0, NAME_LENGTH) : fresh.name,
      colour:
        "colour" in stored && typeof stored.colour === "number" && stored.colour in SHIP_COLOURS
          ? stored.colour
          : fresh.colour,
      sound: "sound" in stored && typeof stored.sound === "boolean" ? stored.sound : fresh.sound,
    };
  } catch {
    return fresh;
  }
}

export function saveSettings(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Not remembered, as the visitor's browser wants it.
  }
}

function someName(): string {
  return `${FIRST[anyOf(FIRST)] ?? "Swift"} ${SECOND[anyOf(SECOND)] ?? "Fox"}`;
}

function anyOf(list: readonly unknown[]): number {
  return Math.floor(Math.random() * list.length);
}
