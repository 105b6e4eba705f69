import { checkpointTask } from "./checkpoint-task.ts";
import { type CodecTask, codecTasks } from "./codec-tasks.ts";
import { loadTinybench } from "./tinybench.ts";

/** How long one step takes, in microseconds, over all of its items. */
export interface CodecFigures extends Pick<CodecTask, "name" | "says" | "rows" | "items"> {
  readonly medianUs: number;
  readonly p99Us: number;
  readonly meanUs: number;
  /** Half of the mean's 95 % interval, as a share of it. */
  readonly meanWithin: number;
  readonly samples: number;
}

export interface CodecLoad {
  /** Numbers of rows that are measured, one after the other. */
  readonly rows: readonly number[];
  /** For each step; a third of it is spent on warming up before. */
  readonly seconds: number;
}

/** Where what a task returns is put, so that nothing of it can be left out as useless. */
const results: { last?: unknown } = {};

/**
 * Times each step by itself, call by call.
 *
 * @throws Complaint where tinybench is not installed
 */
export async function measureCodec(
  { rows, seconds }: CodecLoad,
  progress: (says: string) => void,
): Promise<CodecFigures[]> {
  const Bench = await loadTinybench();
  const measured: CodecFigures[] = [];
  for (const count of rows) {
    const tasks = [...codecTasks(count), checkpointTask(count)];
    const bench = new Bench({
      time: seconds * 1000,
      warmupTime: (seconds * 1000) / 3,
      timestampProvider: "hrtimeNow",
      throws: true,
    });
    for (const { name, run } of tasks) {
      const task = (): void => {
        results.last = run();
      };
      bench.add(name, task, { async: false });
    }
    bench.addEventListener("cycle", ({ task }) => progress(`${task?.name ?? ""}, ${count} rows`));
    await bench.run();
    for (const { name, says, items } of tasks) {
      const result = bench.getTask(name)?.result;
      if (result?.state !== "completed") throw new Error(`${name} was not measured`);
      const { p50, p99, mean, rme, samplesCount } = result.latency;
      measured.push({
        name,
        says,
        rows: count,
        items,
        medianUs: p50 * 1000,
        p99Us: p99 * 1000,
        meanUs: mean * 1000,
        meanWithin: rme / 100,
        samples: samplesCount,
      });
    }
  }
  return measured;
}
