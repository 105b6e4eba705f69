import type { Release } from "../../shared/tick/clock.ts";
import type { Bus, RoomName } from "../bus.ts";
import type { NodeStateName } from "../cluster/node/node-state.ts";
import type { Log } from "./log.ts";

const nodeLines: Readonly<Record<NodeStateName, string>> = {
  outside: "the node has not joined its cluster",
  member: "the node is a member of its cluster",
  "cut-off": "the node's lease is over: others may claim its rooms",
  replaced: "another process has registered under this node's name: give each a name of its own",
  left: "the node has left its cluster",
};

/**
 * A bus subscriber that writes one line for the life of each connection and of each room, and one for what goes wrong.
 * What comes many times a second is left to the metrics. No line holds a ticket, a token or what a player sent.
 */
export function serverLog(bus: Bus, log: Log): Release {
  const mostPlayers = new Map<string, { now: number; most: number }>();
  const releases = [
    bus.on("listening", ({ host, port }) => log.info({ host, port }, "listening")),
    bus.on("certificateRenewed", (event) => log.info(event, "certificate renewed")),
    bus.on("certificateRefused", (event) => log.warn(event, "new certificate refused, the one in use stays")),
    bus.on("draining", ({ rooms, players, withinMs }) =>
      log.info({ rooms, players, seconds: withinMs / 1000 }, "draining"),
    ),
    bus.on("stopping", (event) => log.info(event, "stopping")),

    bus.on("roomCreated", ({ room }) => {
      mostPlayers.set(room.id, { now: 0, most: 0 });
      log.debug(named(room), "room opened");
    }),
    bus.on("roomRestored", ({ room, tick, timeline, kind, players, ageMs }) => {
      mostPlayers.set(room.id, { now: players.length, most: players.length });
      log.info(
        { ...named(room), tick, timeline, kind, players: players.length, seconds: Math.round(ageMs) / 1000 },
        "room restored",
      );
    }),
    bus.on("checkpointSaved", ({ room, tick, kind, bytes, captureMs, writeMs }) => {
      const entry = {
        ...named(room),
        tick,
        kind,
        bytes,
        captureMs: tenths(captureMs),
        writeMs: tenths(writeMs),
      };
      log[kind === "exact" ? "info" : "debug"](entry, "checkpoint saved");
    }),
    bus.on("checkpointFailed", ({ room, reason, message }) =>
      log.warn({ ...named(room), reason }, `no checkpoint: ${message}`),
    ),
    bus.on("checkpointRefused", ({ room, message }) => log.warn(named(room), message)),
    bus.on("playerJoined", ({ room, player }) => {
      const players = mostPlayers.get(room.id);
      if (players !== undefined) players.most = Math.max(players.most, ++players.now);
      log.debug({ ...named(room), player }, "player joined");
    }),
    bus.on("playerLeft", ({ room, player, reason }) => {
      const players = mostPlayers.get(room.id);
      if (players !== undefined) players.now -= 1;
      log.debug({ ...named(room), player, reason }, "player left");
    }),
    bus.on("roomClosed", ({ room, reason, ticks }) => {
      const players = mostPlayers.get(room.id)?.most ?? 0;
      mostPlayers.delete(room.id);
      const failed = reason === "room-failed";
      log[failed ? "error" : "info"]({ ...named(room), reason, ticks, mostPlayers: players }, "room closed");
    }),
    bus.on("presenceChanged", ({ room, player, from, to, why }) =>
      log.debug(
        { ...named(room), player, from, to, ...(why !== undefined && { why }) },
        "player's state changed",
      ),
    ),

    bus.on("sessionClosed", ({ session, address, path, openMs, code, name, during }) =>
      log.info(
        { session, address, path, seconds: Math.round(openMs) / 1000, code, reason: name, during },
        "connection closed",
      ),
    ),

    bus.on("tickSlipped", ({ room, tick, skippedMs }) =>
      log.warn(
        { ...named(room), tick, skippedMs: Math.round(skippedMs) },
        "the room could not keep up and slipped",
      ),
    ),
    bus.on("outOfRange", ({ room, table, field, row, value, bounds }) =>
      log.warn(
        { ...named(room), field: `${table}.${field}`, row, value: String(value), bounds },
        "a value was clamped (told once a field)",
      ),
    ),
    bus.on("hookFailed", ({ room, where, error }) =>
      log.error(
        { ...named(room), hook: where.hook, ...("name" in where && { name: where.name }), err: error },
        "the game's code failed",
      ),
    ),
    bus.on("listenerFailed", ({ event, error }) =>
      log.error({ event, err: error }, "a listener on the bus failed"),
    ),
    bus.on("ticketRefused", ({ game, fault, address }) =>
      log.info({ game, fault, address }, "ticket refused"),
    ),
    bus.on("originRefused", ({ origin }) =>
      log.warn(
        { origin },
        "a page was refused, since its origin is not in the setting origins: add it there if the page is yours",
      ),
    ),
    bus.on("limited", ({ limit, address, count }) => log.warn({ limit, address, count }, "limit hit")),
    bus.on("roomOverran", ({ room, tick, tickMs, periodMs }) =>
      log.error(
        { ...named(room), tick, tickMs: Math.round(tickMs), periodMs },
        "the room's ticks take longer than their period",
      ),
    ),
    bus.on("nodeChanged", ({ node, epoch, from, to, why }) => {
      const isWrong = to === "cut-off" || to === "replaced";
      log[isWrong ? "error" : "info"](
        { node, epoch, from, ...(why !== undefined && { why }) },
        nodeLines[to],
      );
    }),
    bus.on("directoryChanged", ({ state, reason }) => {
      if (state === "unavailable") log.error({ reason }, "the directory does not answer");
      else if (state === "available") log.info({}, "the directory answers");
    }),
    bus.on("roomDisowned", ({ room, reason }) =>
      log.error(
        { ...named(room), reason },
        reason === "later-life"
          ? "another node had the room since, and is gone: it goes on from what that one saved"
          : "another node owns the room: it stops here",
      ),
    ),
    bus.on("fenceChanged", ({ state, rooms }) =>
      state === "shut"
        ? log.error({ rooms }, "the lease is about to end: rooms stand still until there is another")
        : log.info({ rooms }, "rooms go on"),
    ),
    bus.on("roomTakenOver", ({ room, epoch }) => log.info({ ...named(room), epoch }, "room taken over")),
    bus.on("roomForgotten", ({ room, message }) =>
      log.error(
        { ...named(room), problem: message },
        "a room without an owner cannot be restored, and is over",
      ),
    ),
    bus.on("roomMoved", ({ room, node, tick, isThere, tookMs }) =>
      log[isThere ? "info" : "warn"](
        { ...named(room), node, tick, tookMs: Math.round(tookMs) },
        isThere ? "room moved to another node" : "room given away, and not seen there yet",
      ),
    ),
    bus.on("operatorActed", ({ room, action, address, text }) =>
      log.info({ ...named(room), action, address, did: text }, "operator acted"),
    ),
    bus.on("recordingBegan", ({ room, file }) => log.info({ ...named(room), file }, "recording")),
    bus.on("recordingEnded", ({ room, file, end, ticks, bytes, error }) =>
      log[end === "room-closed" || end === "stopped" ? "info" : "warn"](
        { ...named(room), file, reason: end, ticks, bytes, ...(error !== undefined && { err: error }) },
        "recording ended",
      ),
    ),
    bus.on("transportFailed", ({ where, error }) =>
      log.error({ where, err: error }, "an error in the server itself"),
    ),
  ];
  return () => {
    for (const release of releases) release();
  };
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

function named({ id, game }: RoomName): { room: string; game: string } {
  return { room: id, game };
}
