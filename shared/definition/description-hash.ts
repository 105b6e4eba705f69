import { Fnv1a } from "../state/fnv1a.ts";
import type { GameDescription } from "./description.ts";

/** A short id of a description: two builds with the same hash understand each other without another word. */
export function descriptionHash(description: GameDescription): string {
  return new Fnv1a().text(JSON.stringify(description)).hex();
}
