import type { SimulationOptions, SimulationResult } from "./simulate.ts";

const SHOWN = 12;

/** What went wrong first in a seed, and how to see it again. */
export function failureText(
  { seed, violations }: Pick<SimulationResult, "seed" | "violations">,
  options: SimulationOptions = {},
): string {
  const first = violations.slice(0, SHOWN).map((what) => `  ${what}`);
  const more = violations.length > SHOWN ? [`  … and ${violations.length - SHOWN} more`] : [];
  const given = Object.entries({ seed, ...options }).map(([name, value]) => `--${name} ${value}`);
  const again = `alone: npm run simulate -- ${given.join(" ")}`;
  return [`seed ${seed} breaks what is promised (${again})`, ...first, ...more].join("\n");
}
