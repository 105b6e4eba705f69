import { Counter, type Registry } from "prom-client";
import type { Release } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";

/** A bus subscriber: how connections end, and faults of the server itself. */
export function sessionMetrics(registry: Registry, bus: Bus): Release {
  const closed = new Counter({
    name: "tickcast_sessions_closed_total",
    help: "Connections that ended, by the name of the close code and by whom: server or client",
    labelNames: ["name", "by"] as const,
    registers: [registry],
  });
  const refused = new Counter({
    name: "tickcast_sessions_refused_total",
    help: "Connections that ended before their player was in, by the name of the close code",
    labelNames: ["name"] as const,
    registers: [registry],
  });
  const limited = new Counter({
    name: "tickcast_limited_total",
    help: "Times that a peer or a room went beyond a limit, by which",
    labelNames: ["limit"] as const,
    registers: [registry],
  });
  const issued = new Counter({
    name: "tickcast_tickets_issued_total",
    help: "Join tickets that matchmaking gave out",
    labelNames: ["game"] as const,
    registers: [registry],
  });
  const refusedTickets = new Counter({
    name: "tickcast_tickets_refused_total",
    help: "Times that a join ticket, or the lack of one, let nobody in, by why",
    labelNames: ["fault"] as const,
    registers: [registry],
  });
  const faults = new Counter({
    name: "tickcast_faults_total",
    help: "Faults of the server itself, by where: each deserves a look into the log",
    labelNames: ["where"] as const,
    registers: [registry],
  });
  // Who was in: when a connection closes, its session may be `gone` already.
  const inRoom = new Set<number>();
  const releases = [
    bus.on("sessionChanged", ({ session, to }) => {
      if (to === "joined") inRoom.add(session);
    }),
    bus.on("sessionClosed", ({ session, name, during }) => {
      closed.inc({ name, by: during === "gone" ? "server" : "client" });
      if (!inRoom.delete(session)) refused.inc({ name });
    }),
    bus.on("ticketIssued", ({ room }) => issued.inc({ game: room.game })),
    bus.on("ticketRefused", ({ fault }) => refusedTickets.inc({ fault })),
    bus.on("limited", ({ limit, count }) => limited.inc({ limit }, count)),
    bus.on("listenerFailed", () => faults.inc({ where: "listener" })),
    bus.on("transportFailed", ({ where }) => faults.inc({ where })),
  ];
  return () => {
    for (const release of releases) release();
  };
}
