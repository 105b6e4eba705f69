import { LinkConditioner } from "tickcast/conditioner";

/** What the visitor's connection is to suffer from. */
export interface LagSettings {
  readonly on: boolean;
  /** Each way, in milliseconds. */
  readonly latency: number;
  /** Up to so many more. */
  readonly jitter: number;
  /** How long it stands still, every five seconds. */
  readonly stall: number;
}

export type LagFigure = "latency" | "jitter" | "stall";

/** What each slider reaches. */
export const MOST: Readonly<Record<LagFigure, number>> = { latency: 300, jitter: 150, stall: 1_000 };

const KEY = "tickcast-arena-lag";
/** Off; what the sliders stand at is a connection across an ocean, by Wi-Fi. */
const usual: LagSettings = { on: false, latency: 75, jitter: 30, stall: 0 };
const STALL_EVERY_MS = 5_000;

/** A bad network for this tab, as long as the tab is open. Off it costs nothing. */
export class Lag {
  readonly conditioner = new LinkConditioner({}, { seed: Math.floor(Math.random() * 2 ** 32) });
  #settings = remembered();

  constructor() {
    this.#apply();
  }

  get settings(): LagSettings {
    return this.#settings;
  }

  change(settings: Partial<LagSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    remember(this.#settings);
    this.#apply();
  }

  #apply(): void {
    const { on, latency, jitter, stall } = this.#settings;
    this.conditioner.change({
      latencyMs: on ? latency : 0,
      jitterMs: on ? jitter : 0,
      stallEveryMs: on && stall > 0 ? STALL_EVERY_MS : Number.POSITIVE_INFINITY,
      stallForMs: on ? stall : 0,
    });
  }
}

function remembered(): LagSettings {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    if (typeof stored !== "object" || stored === null) return usual;
    const figures = new Map<string, unknown>(Object.entries(stored));
    const figure = (name: LagFigure): number => {
      const value = figures.get(name);
      return typeof value === "number" && value >= 0 && value <= MOST[name] ? value : usual[name];
    };
    return {
      on: figures.get("on") === true,
      latency: figure("latency"),
      jitter: figure("jitter"),
      stall: figure("stall"),
    };
  } catch {
    return usual;
  }
}

function remember(settings: LagSettings): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Not remembered, as the visitor's browser wants it.
  }
}
