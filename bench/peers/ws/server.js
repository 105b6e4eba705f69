/**
 * The peer `ws`, as its README broadcasts: one `send` of the same bytes to every client that is open, with
 * bufferutil beside it, as the README advises.
 */
import { once } from "node:events";
import { WebSocket, WebSocketServer } from "ws";
import { sentFrame, servePeer } from "../../../dist/bench/peers/serve-peer.js";

servePeer(async (host) => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  server.on("connection", (socket) => {
    socket.on("error", () => socket.terminate());
    socket.on("message", (bytes) => {
      const sent = sentFrame(bytes);
      if (sent === "hello") socket.send(host.welcome());
      else if (sent === "ping") socket.send(host.pong());
    });
  });
  await once(server, "listening");
  host.publishFrames((frame) => {
    for (const client of server.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(frame);
    }
  });
  return server.address().port;
});
