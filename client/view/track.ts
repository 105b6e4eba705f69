import type { DrawnFields } from "./drawn-fields.ts";
import type { ViewRow } from "./view-row.ts";

type Values = Readonly<Record<string, unknown>>;

/**
 * What a row was in one tick, and the way there: from tick `from` on, the last before this one that the client
 * closed, every gliding field follows a cubic. Where the way is no movement, `from` is the tick itself.
 */
interface Sample {
  tick: number;
  from: number;
  /** By gliding field; NaN where it is not seen. */
  readonly values: number[];
  /** By gliding field: start, and coefficients of the way's part, its square and its cube. */
  readonly ways: number[];
  /** By gliding field: units a tick at the end; NaN where nothing is known of it. */
  readonly speeds: number[];
  /** By stepping field. */
  readonly steps: unknown[];
}

const WAY = 4;

/**
 * One row's last ticks, and what it is at a moment between two of them.
 *
 * The way between two ticks is a cubic whose speed at each tick follows from that tick and the two before it (the
 * parabola through the three), so it is smooth over ticks and no later tick changes it, which would need more
 * delay. It never leaves the interval between its two values: speeds are at most three times the mean one and of
 * its sign (F. N. Fritsch and R. E. Carlson, Monotone piecewise cubic interpolation, 1980).
 */
export class Track {
  readonly #fields: DrawnFields;
  readonly #most: number;
  /** Oldest first. */
  readonly #samples: Sample[] = [];
  /** What the row shows, where that is one sample as it is. */
  #shown: Sample | undefined;

  /** @param most so many ticks are kept at the most */
  constructor(fields: DrawnFields, most: number) {
    this.#fields = fields;
    this.#most = most;
  }

  /** The row is new, or what is seen of it: nothing before counts. */
  restart(tick: number, row: Values): void {
    this.#shown = undefined;
    const sample = this.#samples[0] ?? blank(this.#fields);
    this.#samples.length = 0;
    this.#samples.push(sample);
    sample.tick = tick;
    sample.from = tick;
    this.#take(sample, row);
    sample.speeds.fill(Number.NaN);
  }

  /** What the row was last it has been up to `tick`, by other numbers than before: no way leads there. */
  stand(tick: number): void {
    this.#shown = undefined;
    const sample = this.#samples[this.#samples.length - 1] as Sample;
    this.#samples.length = 0;
    this.#samples.push(sample);
    sample.tick = tick;
    sample.from = tick;
    sample.speeds.fill(Number.NaN);
  }

  /**
   * The row changed.
   *
   * @param from the last tick that the client closed before
   * @param drawn the drawn tick, for what is before it is not needed any more
   */
  record(tick: number, from: number, row: Values, drawn: number): void {
    const samples = this.#samples;
    let spare: Sample | undefined;
    while (samples.length > 1 && ((samples[1] as Sample).tick <= drawn || samples.length >= this.#most))
      spare = samples.shift();
    if (spare !== undefined && spare === this.#shown) this.#shown = undefined;
    const before = samples[samples.length - 1] as Sample;
    const sample = spare ?? blank(this.#fields);
    samples.push(sample);
    sample.tick = tick;
    sample.from = from;
    this.#take(sample, row);
    this.#findWays(sample, before);
  }

  /** Writes the row as of a tick, into fields of its own. `closed` is the last tick that there is. */
  draw(tick: number, closed: number, row: ViewRow): void {
    const samples = this.#samples;
    let at = samples.length - 1;
    while (at > 0 && (samples[at] as Sample).tick > tick) at--;
    const sample = samples[at] as Sample;
    const next = samples[at + 1];
    if (next !== undefined && sample.tick <= tick && tick > next.from) {
      this.#writeWay(row, sample, next, (tick - next.from) / (next.tick - next.from));
      return;
    }
    const beyond = tick - closed;
    if (next === undefined && beyond > 0 && sample.tick === closed) this.#writeBeyond(row, sample, beyond);
    else if (this.#shown !== sample) this.#write(row, sample);
  }

  #take(sample: Sample, row: Values): void {
    const { gliding, stepping } = this.#fields;
    for (let field = 0; field < gliding.length; field++) {
      const value = row[(gliding[field] as { name: string }).name];
      sample.values[field] = typeof value === "number" ? value : Number.NaN;
    }
    for (let field = 0; field < stepping.length; field++)
      sample.steps[field] = row[(stepping[field] as { name: string }).name];
  }

  #findWays(sample: Sample, before: Sample): void {
    const { gliding } = this.#fields;
    const ticks = sample.tick - sample.from;
    for (let field = 0; field < gliding.length; field++) {
      const { turn, teleport } = gliding[field] as (typeof gliding)[number];
      const start = before.values[field] as number;
      let change = (sample.values[field] as number) - start;
      if (turn !== undefined) change -= turn * Math.round(change / turn);
      if (Math.abs(change) > teleport * ticks) {
        sample.from = sample.tick;
        sample.speeds.fill(Number.NaN);
        return;
      }
      const stood = sample.from > before.tick;
      const mean = change / ticks;
      const earlier = stood ? 0 : (before.speeds[field] as number);
      const meanBefore = stood ? 0 : meanSpeed(before, field);
      const ticksBefore = stood ? 1 : before.tick - before.from;
      const known = !Number.isNaN(earlier);
      const speed = known ? mean + ((mean - meanBefore) * ticks) / (ticks + ticksBefore) : mean;
      sample.speeds[field] = speed;
      const first = known ? monotone(earlier, mean) * ticks : change;
      const last = monotone(speed, mean) * ticks;
      sample.ways[field * WAY] = start;
      sample.ways[field * WAY + 1] = first;
      sample.ways[field * WAY + 2] = 3 * change - 2 * first - last;
      sample.ways[field * WAY + 3] = first + last - 2 * change;
    }
  }

  #write(row: ViewRow, sample: Sample): void {
    const { gliding } = this.#fields;
    for (let field = 0; field < gliding.length; field++) {
      const { name } = gliding[field] as (typeof gliding)[number];
      row[name] = shown(sample.values[field] as number, undefined);
    }
    this.#writeSteps(row, sample);
    this.#shown = sample;
  }

  #writeWay(row: ViewRow, sample: Sample, next: Sample, part: number): void {
    const { gliding } = this.#fields;
    const { ways } = next;
    for (let field = 0; field < gliding.length; field++) {
      const { name, turn } = gliding[field] as (typeof gliding)[number];
      const at = field * WAY;
      const value =
        (ways[at] as number) +
        part *
          ((ways[at + 1] as number) + part * ((ways[at + 2] as number) + part * (ways[at + 3] as number)));
      row[name] = shown(value, turn);
    }
    this.#writeSteps(row, sample);
    this.#shown = undefined;
  }

  /** On at the last speed, for those who asked for it. */
  #writeBeyond(row: ViewRow, sample: Sample, ticks: number): void {
    const { gliding } = this.#fields;
    for (let field = 0; field < gliding.length; field++) {
      const { name, turn } = gliding[field] as (typeof gliding)[number];
      const speed = sample.speeds[field] as number;
      const value = (sample.values[field] as number) + (Number.isNaN(speed) ? 0 : speed * ticks);
      row[name] = shown(value, turn);
    }
    this.#writeSteps(row, sample);
    this.#shown = undefined;
  }

  #writeSteps(row: ViewRow, sample: Sample): void {
    const { stepping } = this.#fields;
    for (let field = 0; field < stepping.length; field++)
      row[(stepping[field] as { name: string }).name] = sample.steps[field];
  }
}

function blank({ gliding, stepping }: DrawnFields): Sample {
  const zeros = (count: number): number[] => new Array<number>(count).fill(0);
  return {
    tick: 0,
    from: 0,
    values: zeros(gliding.length),
    ways: zeros(gliding.length * WAY),
    speeds: zeros(gliding.length),
    steps: new Array<unknown>(stepping.length).fill(undefined),
  };
}

/** Over the whole way to a sample: the sum of its cubic's coefficients, per tick. */
function meanSpeed({ ways, tick, from }: Sample, field: number): number {
  const at = field * WAY;
  return ((ways[at + 1] as number) + (ways[at + 2] as number) + (ways[at + 3] as number)) / (tick - from);
}

/** A speed with which a way of this mean speed does not leave the interval between its ends. */
function monotone(speed: number, mean: number): number {
  return mean > 0 ? Math.min(Math.max(speed, 0), 3 * mean) : Math.max(Math.min(speed, 0), 3 * mean);
}

/** What a row reads where this was computed: angles from 0 to a turn, nothing for what is not seen. */
function shown(value: number, turn: number | undefined): number | undefined {
  if (Number.isNaN(value)) return undefined;
  return turn === undefined ? value : value - turn * Math.floor(value / turn);
}
