import type { PickupKind } from "../arena.ts";

export interface ShipColour {
  readonly name: string;
  readonly base: string;
  readonly light: string;
  readonly dark: string;
}

const colour = (name: string, hue: number, saturation: number, lightness: number): ShipColour => ({
  name,
  base: `hsl(${hue} ${saturation}% ${lightness}%)`,
  light: `hsl(${hue} ${saturation}% ${Math.min(lightness + 20, 94)}%)`,
  dark: `hsl(${hue} ${saturation - 25}% ${lightness - 38}%)`,
});

/** In the order of the definition's `colour`. Told apart by lightness, too, not by hue alone. */
export const SHIP_COLOURS: readonly ShipColour[] = [
  colour("mint", 158, 78, 62),
  colour("sky", 212, 95, 68),
  colour("amber", 37, 98, 65),
  colour("coral", 354, 92, 66),
  colour("violet", 259, 90, 74),
  colour("lime", 80, 70, 58),
  colour("rose", 322, 85, 72),
  colour("pearl", 215, 35, 84),
];

const PLAIN = colour("pearl", 215, 35, 84);

export function shipColour(index: number | undefined): ShipColour {
  return SHIP_COLOURS[index ?? 0] ?? PLAIN;
}

export const PICKUP_COLOURS: Readonly<Record<PickupKind, string>> = {
  health: "#6ff0c0",
  rapid: "#ffc46b",
  spread: "#b796ff",
  shield: "#7db5ff",
};

export const SCENE = {
  floorCentre: "#1b2740",
  floor: "#131c2e",
  floorEdge: "#0e1524",
  gridFine: "rgb(140 172 235 / 0.055)",
  gridStrong: "rgb(140 172 235 / 0.13)",
  outside: "#070a11",
  border: "#3d5686",
  roof: "#2a3a5f",
  sideLight: "#1c2844",
  sideDark: "#131c31",
  /** Edges of walls by how far out they stand, the plaza's first: they say where one is. */
  edges: ["#58d3a6", "#6a9ff0", "#d9a556"],
  shadow: "rgb(0 0 0 / 0.34)",
} as const;

export const FONT = '"Inter", "SF Pro Text", "Segoe UI", system-ui, -apple-system, sans-serif';
