import type { Clock } from "../../shared/tick/clock.ts";
import { dueAt, tickAt } from "../../shared/tick/tick.ts";
import { readAround } from "../run/cpu-window.ts";
import { HashTicks } from "../run/hash-ticks.ts";
import type { MeasuredWindow, RunSpec } from "../run/messages.ts";
import { roomPath } from "../run/rooms.ts";
import type { ReadersFigures } from "../run/trial-messages.ts";
import { scenarioNamed } from "../scenarios/catalogue.ts";
import { HOST, joinEach, LeanPlayers } from "./lean-players.ts";
import { readUse, useBetween } from "./load-use.ts";
import { Mirror } from "./mirror.ts";
import { NodeLine } from "./node-line.ts";
import { TickRecorder } from "./tick-recorder.ts";

/**
 * How long before a window ends the slow clients read again. From then on nobody is timed, in either kind of window:
 * the one process of all clients has their backlogs to read, and would delay what it times.
 */
const RETURN_MS = 1000;

/** Who can leave what arrives unread. */
interface Reader {
  stopReading(): void;
  readAgain(): void;
}

/** All players of the scenario. The first are slow: of these the first are clients of the SDK. */
export class SlowReaders {
  readonly #spec: RunSpec;
  readonly #port: number;
  readonly #clock: Clock;
  readonly #lean: LeanPlayers;
  readonly #mirrors: Mirror[] = [];
  readonly #slow: Reader[] = [];
  readonly #lost: string[] = [];
  #window: MeasuredWindow | undefined;
  #recorder: TickRecorder | undefined;
  /** By number, when a slow client reads again, while it is not back. */
  readonly #returning = new Map<number, number>();
  #returnsMs: number[] = [];
  /** From this tick on the slow clients of a window read again. */
  #backAt = Number.POSITIVE_INFINITY;

  constructor(spec: RunSpec, port: number, clock: Clock) {
    this.#spec = spec;
    this.#port = port;
    this.#clock = clock;
    this.#lean = new LeanPlayers(spec, port, clock);
  }

  async join(progress: (joined: number) => void) {
    await joinEach(this.#spec.clients, (number) => this.#join(number), progress);
    if (this.#lean.welcome === undefined) throw new Error("no lean client was welcomed");
    const [, , , epoch, clock] = this.#lean.welcome;
    return { epoch, clock, tick: this.#lean.tick };
  }

  async measure(window: MeasuredWindow, whoReads: "all" | "healthy"): Promise<ReadersFigures> {
    const recorder = new TickRecorder(window);
    this.#recorder = recorder;
    this.#window = window;
    this.#returnsMs = [];
    const { epoch, periodMs, fromTick, toTick } = window;
    const at = (tick: number, act: () => void): void =>
      void this.#clock.after(dueAt(epoch, tick, periodMs) - this.#clock.now(), act);
    const backAt = toTick - RETURN_MS / periodMs;
    this.#backAt = backAt;
    if (whoReads === "healthy") {
      at(fromTick - 0.5, () => {
        for (const reader of this.#slow) reader.stopReading();
      });
      at(backAt - 0.5, () => this.#readAgain());
    }
    const { before, after, wallMs } = await readAround(window, this.#clock, () => readUse(this.#spec.cores));
    this.#returning.clear();
    return {
      ...useBetween(before, after, wallMs),
      latencyMs: recorder.latencies().all,
      delivered: recorder.delivered,
      gaps: recorder.gaps,
      returnsMs: this.#returnsMs,
      // The first tick after they read again finds them still on their way.
      hashes: this.#mirrors.flatMap(({ hashes }) =>
        hashes.filter(([tick]) => tick > backAt && tick < toTick),
      ),
      differences: this.#mirrors.flatMap(({ differences }) => differences),
      lost: [...this.#lost, ...this.#lean.lost],
    };
  }

  async #join(number: number): Promise<void> {
    const { mirrors, slow = 0 } = this.#spec;
    if (number < mirrors) await this.#joinMirror(number);
    else if (number < slow)
      this.#slow.push(await this.#lean.join(number, (tick) => this.#ticked(number, tick)));
    else
      await this.#lean.join(number, (tick, previous) => {
        if (tick < this.#backAt) this.#recorder?.received(tick, previous, this.#clock.now());
        else this.#recorder?.counted(tick, previous);
      });
  }

  async #joinMirror(number: number): Promise<void> {
    const { scenario, hz } = this.#spec;
    const { game, joinOf } = scenarioNamed(scenario);
    const url = `ws://${HOST}:${this.#port}${roomPath(this.#spec, 0)}`;
    const line = new NodeLine();
    const hashTicks = new HashTicks(this.#spec);
    const sink = {
      isHashed: (tick: number) => hashTicks.isDue(number, tick),
      ticked: () => {},
      closed: (tick: number) => this.#ticked(number, tick),
      lost: (why: string) => void this.#lost.push(`a mirror: ${why}`),
    };
    this.#mirrors.push(
      await Mirror.join(game(hz), url, { number, join: joinOf?.(number), check: "shadow" }, sink, line.open),
    );
    this.#slow.push(line);
  }

  #readAgain(): void {
    const now = this.#clock.now();
    for (let number = 0; number < this.#slow.length; number++) this.#returning.set(number, now);
    for (const reader of this.#slow) reader.readAgain();
  }

  /** A slow client closed a tick: it is back when no later one is due already. */
  #ticked(number: number, tick: number): void {
    const since = this.#returning.get(number);
    if (since === undefined || this.#window === undefined) return;
    const now = this.#clock.now();
    if (tick < tickAt(now, this.#window.epoch, this.#window.periodMs)) return;
    this.#returning.delete(number);
    this.#returnsMs.push(now - since);
  }
}
