import { WebSocketTransport } from "@colyseus/ws-transport";

/** Colyseus over `ws`, its default. */
export const overWs = {
  transport: () => new WebSocketTransport(),
  port: ({ server }) => server.address().port,
};
