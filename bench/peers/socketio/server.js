/**
 * The peer Socket.IO, with what its page on performance advises: WebSocket alone, the msgpack parser,
 * bufferutil, and no first request kept. A frame goes out by one `io.emit`, as binary.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { Server } from "socket.io";
import parser from "socket.io-msgpack-parser";
import { servePeer } from "../../../dist/bench/peers/serve-peer.js";

servePeer(async (host) => {
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"], parser, serveClient: false });
  io.engine.on("connection", (connection) => {
    connection.request = null;
  });
  io.on("connection", (socket) => {
    socket.emit("welcome", Buffer.from(host.welcome()));
    socket.on("ping", () => socket.emit("pong", Buffer.from(host.pong())));
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  host.publishFrames((frame) => io.emit("tick", Buffer.from(frame.buffer, frame.byteOffset, frame.length)));
  return http.address().port;
});
