import { Counter, Gauge, type Registry } from "prom-client";
import type { Traffic } from "./traffic.ts";

/** The figures of a transport, read when they are asked for. */
export function trafficMetrics(registry: Registry, traffic: Traffic): void {
  const total = (name: string, help: string, read: () => number): void => {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  const byStatus = (name: string, help: string, counts: ReadonlyMap<number, number>): void => {
    new Counter({
      name,
      help,
      labelNames: ["status"],
      registers: [registry],
      collect() {
        this.reset();
        for (const [status, count] of counts) this.inc({ status }, count);
      },
    });
  };
  new Gauge({
    name: "tickcast_connections",
    help: "WebSocket connections that are open, players or not yet",
    registers: [registry],
    collect() {
      this.set(traffic.connections);
    },
  });
  total(
    "tickcast_connections_opened_total",
    "WebSocket connections that were opened",
    () => traffic.connected,
  );
  total(
    "tickcast_frames_sent_total",
    "Frames queued for connections, each receiver counted",
    () => traffic.framesSent,
  );
  total(
    "tickcast_sent_bytes_total",
    "Bytes of these frames, without WebSocket's own",
    () => traffic.bytesSent,
  );
  total("tickcast_messages_received_total", "Messages from clients", () => traffic.messagesReceived);
  total("tickcast_received_bytes_total", "Bytes of these messages", () => traffic.bytesReceived);
  byStatus("tickcast_handshakes_refused_total", "Handshakes answered with an HTTP status", traffic.refused);
  byStatus("tickcast_http_requests_total", "HTTP requests by the status of their answer", traffic.requests);
}
