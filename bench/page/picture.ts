import { element } from "./markup.ts";

/** An `svg` that those who do not see it are told about. */
export function picture(
  {
    id,
    width,
    height,
    says,
  }: { readonly id?: string; readonly width: number; readonly height: number; readonly says: string },
  ...content: readonly string[]
): string {
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      id,
      class: "chart",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-label": says,
    },
    ...content,
  );
}
