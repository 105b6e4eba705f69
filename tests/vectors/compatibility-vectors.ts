import { compatibility } from "../../shared/definition/compatibility.ts";
import type { GameDescription } from "../../shared/definition/description.ts";
import { descriptionHash } from "../../shared/definition/description-hash.ts";
import { tiny } from "./robustness-vectors.ts";

type Change = (description: { -readonly [Name in keyof GameDescription]: GameDescription[Name] }) => void;

const [rows, note] = tiny.description.tables;

/** What a server may have otherwise than a client knows it. */
const servers: readonly (readonly [name: string, change: Change])[] = [
  ["the same", () => {}],
  ["a table more", (game) => (game.tables = [{ name: "new", kind: "table", fields: [] }, ...game.tables])],
  ["tables in another order", (game) => (game.tables = game.tables.toReversed())],
  ["another tick rate", (game) => (game.tickRate = 30)],
  [
    "a message and an event more",
    (game) => {
      game.messages = ["hey"];
      game.events = [{ name: "new", fields: [] }, ...game.events];
    },
  ],
  ["a table less", (game) => (game.tables = game.tables.slice(1))],
  [
    "a field of another type",
    (game) =>
      (game.tables = [
        ...(rows ? [rows] : []),
        { name: "note", kind: "record", fields: [{ name: "n", field: { type: "u16" }, visibleTo: "room" }] },
      ]),
  ],
  [
    "a record that is a table",
    (game) =>
      (game.tables = [...(rows ? [rows] : []), { ...(note as never as object), kind: "table" } as never]),
  ],
  ["an event less", (game) => (game.events = [])],
  ["another game", (game) => (game.name = "other")],
];

export function compatibilityVectors() {
  return {
    known: tiny.description,
    hash: tiny.hash,
    servers: servers.map(([name, change]) => {
      const description = { ...tiny.description };
      change(description);
      const verdict = compatibility(tiny.description, description);
      return {
        name,
        description,
        hash: descriptionHash(description),
        problems: verdict.compatible ? [] : verdict.problems,
      };
    }),
  };
}
