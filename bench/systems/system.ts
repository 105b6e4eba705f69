import type { SightVariant } from "../scenarios/scenario.ts";

/** What is known of a system before it runs. */
export interface System {
  /** As people call it. */
  readonly title: string;
  /** The module of its server process. */
  readonly entry: URL;
  /** The module of its load process, where its clients speak another protocol than Tickcast's. */
  readonly load?: URL;
  /** Whether it keeps a game's state, which mirrors can be compared with. */
  readonly hasState: boolean;
  /** What its players see, where the scenario has a choice. */
  readonly sight: SightVariant;
  /**
   * "scheduled": its ticks begin at intended times, from which latency counts, and each is sent. "own": it has
   * loops of its own and promises neither; latency counts from when a tick began, and ticks may share a frame.
   */
  readonly loop: "scheduled" | "own";
}
