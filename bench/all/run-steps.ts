import type { Outcome, StepResult } from "./collection.ts";
import type { Step } from "./plan.ts";
import { duration, secondsLeft, type Took } from "./time-left.ts";

export interface StepsEnvironment {
  /** Runs one; never rejects: what went wrong is an outcome. */
  readonly run: (step: Step) => Promise<Outcome>;
  /** A result of this very command that is there already; absent: it has to be measured. */
  readonly known: (step: Step) => StepResult | undefined;
  /** Told after each step, with all that is there. */
  readonly collected: (results: readonly StepResult[]) => Promise<void>;
  /** What repeats a step, as a person types it. */
  readonly commandOf: (step: Step) => string;
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly now: () => number;
  readonly says: (line: string) => void;
  /** Told how a step stands, again and again; gives what stops it. */
  readonly everySecond: (tell: () => void) => () => void;
  readonly progress: (line: string) => void;
}

/** Runs the steps one by one, whatever becomes of each, and says how it goes and when it will be over. */
export async function runSteps(
  steps: readonly Step[],
  environment: StepsEnvironment,
): Promise<readonly StepResult[]> {
  const { run, known, collected, commandOf, signal, now, says, everySecond, progress } = environment;
  const results: StepResult[] = [];
  const over: Took[] = [];
  for (const [i, step] of steps.entries()) {
    if (signal.aborted) break;
    const place = `${i + 1} of ${steps.length}`;
    const name = `${step.scenario}, ${step.title}`;
    const already = known(step);
    if (already !== undefined) {
      results.push(already);
      says(`${place}  ${name}: there already`);
      continue;
    }
    const rest = steps.slice(i).filter((one) => one === step || known(one) === undefined);
    const began = now();
    const elapsed = (): number => (now() - began) / 1000;
    const tell = (): void =>
      progress(`${place}  ${name} · ${duration(secondsLeft(over, rest, elapsed()))} left`);
    tell();
    const stop = everySecond(tell);
    const outcome = await run(step);
    stop();
    const tookSeconds = Math.round(elapsed());
    // Of an interrupted step there is nothing to say.
    if (signal.aborted && outcome.kind === "none") break;
    over.push({ step, tookSeconds });
    results.push({
      id: step.id,
      scenario: step.scenario,
      title: step.title,
      command: commandOf(step),
      tookSeconds,
      outcome,
    });
    const left = secondsLeft(over, rest.slice(1), 0);
    says(
      `${place}  ${name}: ${verdictOf(outcome)} (${tookSeconds} s${left > 0 ? `, ${duration(left)} left` : ""})`,
    );
    await collected(results);
  }
  return results;
}

/** In a few words. */
function verdictOf(outcome: Outcome): string {
  if (outcome.kind === "none") return `did not come to its end: ${outcome.why}`;
  const { failures, reasons = [] } = outcome.report;
  const [failure] = failures;
  if (failure !== undefined)
    return `failed: ${failure}${failures.length > 1 ? `, and ${failures.length - 1} more` : ""}`;
  return reasons.length > 0 ? "measured, but not trustworthy" : "measured";
}
