/** One bot of a swarm. */
export interface PlannedBot {
  /** 0, 1, 2, … over the whole swarm. */
  readonly index: number;
  /** When it connects, in milliseconds from the start. */
  readonly startMs: number;
}

export interface SwarmShape {
  readonly bots: number;
  /** Bots that connect in a second. */
  readonly rampPerSecond: number;
  readonly threads: number;
}

/** Above this a thread has trouble to read frames as they come. */
const BOTS_PER_THREAD = 250;

/** As many threads as a swarm needs, at most one for each core. */
export function threadsFor(bots: number, cores: number): number {
  return Math.max(1, Math.min(cores, Math.ceil(bots / BOTS_PER_THREAD)));
}

/**
 * Which bots each thread plays, and when they connect: evenly over the ramp, thread by thread in turn, so that
 * every thread ramps up for as long. There are no more threads than bots.
 */
export function planSwarm({ bots, rampPerSecond, threads }: SwarmShape): readonly (readonly PlannedBot[])[] {
  const plan: PlannedBot[][] = Array.from({ length: Math.min(threads, bots) }, () => []);
  for (let index = 0; index < bots; index++)
    plan[index % plan.length]?.push({ index, startMs: (index * 1_000) / rampPerSecond });
  return plan;
}
