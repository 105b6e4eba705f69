/**
 * Colours of page and charts. Charts have no others, so that they can be taken out of the page: each of these
 * variables is written into a picture that is saved.
 */
const light = {
  "--page": "#f4f6fa",
  "--card": "#ffffff",
  "--text": "#0e1726",
  "--muted": "#56647b",
  "--grid": "#e2e8f1",
  "--line": "#c9d3e2",
  "--bad": "#c22a3c",
  "--warn": "#9a6200",
  "--tickcast": "#0a8f69",
  "--uws": "#3f4c62",
  "--ws": "#b86e00",
  "--socketio": "#cf3348",
  "--colyseus-ws": "#7a49d8",
  "--colyseus-uws": "#1f66c7",
  "--whole": "#a3408f",
} as const;

const dark: typeof light | Record<keyof typeof light, string> = {
  "--page": "#0a0e17",
  "--card": "#111827",
  "--text": "#e8eef9",
  "--muted": "#97a6bf",
  "--grid": "#202b3f",
  "--line": "#34425c",
  "--bad": "#ff7a87",
  "--warn": "#ffc46b",
  "--tickcast": "#5fe9b8",
  "--uws": "#c6d2e6",
  "--ws": "#ffb94f",
  "--socketio": "#ff6f7d",
  "--colyseus-ws": "#b796ff",
  "--colyseus-uws": "#7db5ff",
  "--whole": "#f08bdc",
};

const declared = (colours: Readonly<Record<string, string>>): string =>
  Object.entries(colours)
    .map(([name, value]) => `${name}:${value}`)
    .join(";");

export const themeVariables: readonly string[] = Object.keys(light);

/** For the page, which has a switch: it wins over what the system wants. */
export const pageColours = `:root{color-scheme:light;${declared(light)}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${declared(dark)}}}
:root[data-theme=dark]{color-scheme:dark;${declared(dark)}}`;

/** For a picture of its own. */
export const pictureColours = `svg{${declared(light)}}
@media (prefers-color-scheme:dark){svg{${declared(dark)}}}`;

/** How systems are drawn: a colour, and dashes for the second of a colour. */
const systemStyles = [
  ["tickcast", "--tickcast", ""],
  ["tickcast-whole", "--whole", ""],
  ["uws", "--uws", "7 5"],
  ["uws-replay", "--uws", "7 5"],
  ["ws", "--ws", ""],
  ["socketio", "--socketio", ""],
  ["colyseus-ws", "--colyseus-ws", ""],
  ["colyseus-ws-aligned", "--colyseus-ws", "2 5"],
  ["colyseus-uws", "--colyseus-uws", ""],
  ["colyseus-uws-aligned", "--colyseus-uws", "2 5"],
] as const;

export const SANS = `"Inter","SF Pro Text","Segoe UI",system-ui,-apple-system,"Helvetica Neue",Arial,sans-serif`;
export const MONO = `ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace`;

/** What every chart needs, in the page and in a picture. */
export const chartStyle = `svg.chart{font-family:${SANS};font-size:12.5px;font-variant-numeric:tabular-nums}
svg.chart text{fill:var(--muted)}
svg.chart .strong{fill:var(--text);font-weight:600}
svg.chart .ground{fill:var(--card)}
svg.chart .grid{stroke:var(--grid);stroke-width:1;fill:none}
svg.chart .axis{stroke:var(--line);stroke-width:1;fill:none}
svg.chart .series{--c:var(--muted)}
svg.chart .curve{stroke:var(--c);stroke-width:2;fill:none;stroke-linejoin:round;stroke-linecap:round}
svg.chart .whisker{stroke:var(--c);stroke-width:1.2;opacity:.55;fill:none}
svg.chart .dot{fill:var(--c);stroke:var(--c);stroke-width:1.5}
svg.chart .dot.doubtful{fill:var(--card)}
svg.chart .bar{fill:var(--c)}
svg.chart .bar.doubtful{fill:none;stroke:var(--c);stroke-width:1.5}
svg.chart .name{fill:var(--c);font-weight:600}
svg.chart .leader{stroke:var(--c);opacity:.4;fill:none}
svg.chart .hit{fill:transparent;stroke:none}
svg.chart .mono{font-family:${MONO}}
svg.chart .s-tickcast .curve{stroke-width:3.5}
${systemStyles.map(([name, colour, dashes]) => `svg.chart .s-${name}{--c:var(${colour})}${dashes === "" ? "" : `svg.chart .s-${name} .curve{stroke-dasharray:${dashes}}`}`).join("\n")}`;

/** Samples of the lines, for legends in the page. */
export const legendStyle = systemStyles
  .map(
    ([name, colour, dashes]) =>
      `.key.s-${name}{--c:var(${colour})}${dashes === "" ? "" : `.key.s-${name} i{border-top-style:${dashes === "2 5" ? "dotted" : "dashed"}}`}`,
  )
  .join("\n");

/** A class for a system; of one that is not known, grey. */
export function systemClass(name: string): string {
  return `s-${name.replace(/[^a-z0-9-]/gi, "")}`;
}
