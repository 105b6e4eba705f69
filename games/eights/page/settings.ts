import { NAME_LENGTH } from "../eights.ts";

const KEY = "tickcast-eights";
const NAMES = ["Ada", "Grace", "Linus", "Margaret", "Edsger", "Barbara", "Alan", "Radia"];

/** The name of the last visit, or one to begin with. Private windows may refuse storage; a game needs none. */
export function loadName(): string {
  try {
    const stored = localStorage.getItem(KEY);
    if (stored) return stored.slice(0, NAME_LENGTH);
  } catch {
    // As the visitor's browser wants it.
  }
  return NAMES[Math.floor(Math.random() * NAMES.length)] ?? "Ada";
}

export function saveName(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Not remembered, as the visitor's browser wants it.
  }
}
