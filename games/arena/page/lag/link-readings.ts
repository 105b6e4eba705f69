/** How the connection is and how the page makes up for it, at one moment. In milliseconds; `undefined`: not known. */
export interface LinkReading {
  readonly ping: number | undefined;
  readonly jitter: number | undefined;
  /** How far behind the newest tick the others are drawn. */
  readonly delay: number | undefined;
  /** How long before their tick inputs arrive; below 0 they are late. */
  readonly margin: number | undefined;
  /** Times that one's own ship was predicted wrongly, so far. */
  readonly corrections: number | undefined;
}

export type LinkFigure = Exclude<keyof LinkReading, "corrections">;

/** Reads what the SDK tells of the link. A figure that it does not measure is not known. */
export function readingOf(statistics: object): LinkReading {
  const figures = new Map<string, unknown>(Object.entries(statistics));
  const figure = (name: string): number | undefined => {
    const value = figures.get(name);
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  };
  return {
    ping: figure("rttMs"),
    jitter: figure("jitterMs"),
    delay: figure("interpolationDelayMs"),
    margin: figure("inputMarginMs"),
    corrections: figure("mispredictions"),
  };
}

/** A reading at its time, and how many corrections came since the one before. */
export interface Sample {
  readonly at: number;
  readonly reading: LinkReading;
  readonly corrected: number;
}

export const SHOWN_MS = 20_000;
const SAMPLE_EVERY_MS = 100;

/** The last 20 s of a link. */
export class LinkReadings {
  readonly #samples: Sample[] = [];

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  /** Another room, another link. */
  reset(): void {
    this.#samples.length = 0;
  }

  /** Call as often as you like: it looks ten times a second. */
  look(now: number, link: { readonly statistics: object }): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && now - last.at < SAMPLE_EVERY_MS) return;
    const reading = readingOf(link.statistics);
    const before = last?.reading.corrections ?? reading.corrections ?? 0;
    this.#samples.push({ at: now, reading, corrected: Math.max(0, (reading.corrections ?? 0) - before) });
    let old = 0;
    while (now - (this.#samples[old]?.at ?? now) > SHOWN_MS) old += 1;
    this.#samples.splice(0, old);
  }
}
