import type { MonotonicMs, Release } from "../../../shared/tick/clock.ts";

/** Whether the directory answers. */
export type DirectoryHealth =
  | { readonly state: "available" }
  | { readonly state: "unavailable"; readonly since: MonotonicMs; readonly reason: string }
  | { readonly state: "closed" };

/** Holds a handle's health and tells of its changes. */
export class HealthState {
  readonly #listeners = new Set<(health: DirectoryHealth) => void>();
  #health: DirectoryHealth;

  constructor(first: DirectoryHealth) {
    this.#health = first;
  }

  get current(): DirectoryHealth {
    return this.#health;
  }

  on(listener: (health: DirectoryHealth) => void): Release {
    const own = (health: DirectoryHealth): void => listener(health);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Goes over to another state; nothing leads out of `closed`, and another reason for being unavailable is no change. */
  set(health: DirectoryHealth): void {
    if (this.#health.state === "closed" || this.#health.state === health.state) return;
    this.#health = health;
    for (const listener of [...this.#listeners]) listener(health);
  }
}
