import type { Clock, Release } from "../../../shared/tick/clock.ts";
import type { Answer } from "./answer.ts";
import type { ChangePage, ChangePosition, DirectoryChange } from "./change.ts";

interface Watch {
  readonly listener: (change: DirectoryChange) => void;
  readonly game: string | undefined;
  /** It has been told to read anew, and hears everything since. */
  started: boolean;
}

/**
 * Asks a directory for changes, every `pollMs` while anybody watches, and tells them in order. Where some were missed
 * (the directory lost everything, or forgot them before they were read) everybody is told `resync` first.
 */
export class ChangeWatcher {
  readonly #clock: Clock;
  readonly #pollMs: number;
  readonly #read: (since: ChangePosition | undefined) => Promise<Answer<ChangePage>>;
  readonly #watches = new Set<Watch>();
  #position: ChangePosition | undefined;
  #next: Release | undefined;
  #reading = false;

  constructor(
    clock: Clock,
    pollMs: number,
    read: (since: ChangePosition | undefined) => Promise<Answer<ChangePage>>,
  ) {
    this.#clock = clock;
    this.#pollMs = pollMs;
    this.#read = read;
  }

  watch(listener: Watch["listener"], only?: { readonly game: string }): Release {
    const watch: Watch = { listener, game: only?.game, started: false };
    this.#watches.add(watch);
    this.#ask(0);
    return () => {
      this.#watches.delete(watch);
      if (this.#watches.size === 0) this.#rest();
    };
  }

  close(): void {
    this.#watches.clear();
    this.#rest();
  }

  #rest(): void {
    this.#next?.();
    this.#next = undefined;
    this.#position = undefined;
  }

  #ask(delayMs: number): void {
    if (this.#reading || this.#watches.size === 0) return;
    this.#next?.();
    this.#next = this.#clock.after(delayMs, () => {
      this.#next = undefined;
      void this.#poll();
    });
  }

  async #poll(): Promise<void> {
    this.#reading = true;
    const since = this.#position;
    // Whoever begins to watch while this is under way is told by the next page.
    const waiting = [...this.#watches];
    const answer = await this.#read(since);
    this.#reading = false;
    if (this.#watches.size === 0) return;
    let more = false;
    if (answer.ok && this.#position === since) {
      this.#position = answer.value.position;
      more = answer.value.changes.length > 0;
      this.#tell(answer.value, waiting);
    }
    this.#ask(more ? 0 : this.#pollMs);
  }

  #tell({ gap, changes }: ChangePage, waiting: readonly Watch[]): void {
    for (const watch of waiting) {
      if (gap || !watch.started) this.#to(watch, { kind: "resync" });
      // What is on the page is told to beginners, too: they read after it, so it is news or known already.
      watch.started = true;
      for (const change of changes)
        if (watch.game === undefined || concerns(change, watch.game)) this.#to(watch, change);
    }
  }

  #to(watch: Watch, change: DirectoryChange): void {
    if (this.#watches.has(watch)) watch.listener(change);
  }
}

/** Changes of nodes concern every game. */
function concerns(change: DirectoryChange, game: string): boolean {
  switch (change.kind) {
    case "room-added":
    case "room-changed":
      return change.room.game === game;
    case "room-removed":
      return change.game === game;
    case "node-up":
    case "node-changed":
    case "node-down":
    case "resync":
      return true;
  }
}
