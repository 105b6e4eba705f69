import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colours text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;
export const coloured: Paint = (style, text) => styleText(style, text);

/** A tick or a cross before a sentence. */
export const mark = (good: boolean, text: string, paint: Paint): string =>
  `${good ? paint("green", "✓") : paint("red", "✗")} ${text}`;
