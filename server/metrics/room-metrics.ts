import { Counter, Gauge, type Registry } from "prom-client";
import type { Release } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import type { PresenceName } from "../room/presence.ts";
import { PlayerStates } from "./player-states.ts";

/** Always told, with 0 where there is none: a graph of stalled players should not have holes. */
const STATES: readonly PresenceName[] = ["entering", "following", "stalled", "returning", "away"];

/** A bus subscriber: rooms, the players in them, how these fall behind and return, and what fails, by game. */
export function roomMetrics(registry: Registry, bus: Bus): Release {
  const registers = [registry];
  const states = new PlayerStates(bus);
  new Gauge({
    name: "tickcast_rooms",
    help: "Rooms that are open",
    labelNames: ["game"] as const,
    registers,
    collect() {
      this.reset();
      for (const [game, count] of states.rooms()) this.set({ game }, count);
    },
  });
  new Gauge({
    name: "tickcast_players",
    help: "Players by how they stand to their room: entering, following, stalled, returning, away",
    labelNames: ["game", "state"] as const,
    registers,
    collect() {
      this.reset();
      for (const [game, counts] of states.players())
        for (const state of STATES) this.set({ game, state }, counts.get(state) ?? 0);
    },
  });
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const opened = counter("tickcast_rooms_opened_total", "Rooms that were opened", "game");
  const closed = counter("tickcast_rooms_closed_total", "Rooms that closed, by reason", "game", "reason");
  const joined = counter("tickcast_players_joined_total", "Players who took a seat", "game");
  const left = counter(
    "tickcast_players_left_total",
    "Players whose stay ended, by reason",
    "game",
    "reason",
  );
  const stalls = counter(
    "tickcast_stalls_total",
    "Times that a player fell behind and was paused",
    "game",
    "cause",
  );
  const resyncs = counter(
    "tickcast_resyncs_total",
    "Times that a player was to be brought up to date",
    "game",
    "cause",
  );
  const failures = counter("tickcast_hook_failures_total", "Times that a game's code threw", "game", "hook");

  const releases = [
    bus.on("roomCreated", ({ room: { game } }) => opened.inc({ game })),
    bus.on("roomClosed", ({ room: { game }, reason }) => closed.inc({ game, reason })),
    bus.on("playerJoined", ({ room: { game } }) => joined.inc({ game })),
    bus.on("playerLeft", ({ room: { game }, reason }) => left.inc({ game, reason })),
    bus.on("presenceChanged", ({ room: { game }, to, why = "" }) => {
      if (to === "stalled") stalls.inc({ game, cause: why });
      else if (to === "returning") resyncs.inc({ game, cause: why });
    }),
    bus.on("hookFailed", ({ room: { game }, where: { hook } }) => failures.inc({ game, hook })),
    () => states.release(),
  ];
  return () => {
    for (const release of releases) release();
  };
}
