/** Markup as text: every text and attribute goes through here, so whatever a report says stays text. */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Elements that have no end. */
const VOID: ReadonlySet<string> = new Set(["input"]);

/** An element; `children` are markup already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : escaped(String(value))}"`);
  const start = `<${name}${written.join("")}>`;
  return VOID.has(name) ? start : `${start}${children.join("")}</${name}>`;
}

/** One of text alone. */
export function textElement(name: string, attributes: Attributes, text: string): string {
  return element(name, attributes, escaped(text));
}

/** A tenth of a pixel is enough. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
