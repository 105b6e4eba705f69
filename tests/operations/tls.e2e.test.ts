import { connect as connectTls } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { decodeTrusted, encode } from "../../shared/protocol/codec.ts";
import { ClientFrame, PROTOCOL_VERSION, ServerFrame } from "../../shared/protocol/frames.ts";
import { certify, hasOpenssl } from "../server-kit/self-signed.ts";
import { counter, type Started, serverFolder, startServer } from "./started.ts";

let place: ReturnType<typeof serverFolder>;
const started: Started[] = [];

beforeEach(() => {
  place = serverFolder();
});

afterEach(() => {
  for (const { child } of started.splice(0)) child.kill("SIGKILL");
  place.remove();
});

async function start(...args: string[]): Promise<Started> {
  const server = await startServer(place.folder, ["--tls-cert", "cert.pem", "--tls-key", "key.pem", ...args]);
  started.push(server);
  return server;
}

/** The name in the certificate that newcomers get. */
const presented = ({ url }: Started): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connectTls(
      { host: url.hostname, port: Number(url.port), rejectUnauthorized: false },
      () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      },
    );
    socket.on("error", reject);
  });

/** A player over wss, and how many ticks it has closed. */
async function play({ url }: Started) {
  const socket = new WebSocket(`wss://${url.host}/counter`, { rejectUnauthorized: false });
  socket.binaryType = "nodebuffer";
  let ticks = 0;
  let told = (): void => {};
  socket.on("message", (bytes: Buffer) => {
    const [type, tick] = decodeTrusted(bytes) as [number, number];
    if (type !== ServerFrame.tickEnd) return;
    ticks += 1;
    if (ticks % 5 === 1) socket.send(encode([ClientFrame.ack, tick]));
    told();
  });
  socket.once("open", () => socket.send(encode([ClientFrame.hello, PROTOCOL_VERSION, counter.hash])));
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  const more = (count: number): Promise<void> => {
    const goal = ticks + count;
    return new Promise((resolve, reject) => {
      told = () => void (ticks >= goal && resolve());
      void closed.then((code) => reject(new Error(`closed with ${code}`)));
    });
  };
  await more(1);
  return { more, closed };
}

describe.skipIf(!hasOpenssl())("[OPS-40] a server with a certificate speaks TLS alone", () => {
  test("pages come by https, players by wss, and nothing by http", async () => {
    certify(place.folder, "first");
    const server = await start();
    expect(server.url.protocol).toBe("https:");
    expect(await presented(server)).toBe("first");
    const ada = await play(server);
    await ada.more(5);
    await expect(fetch(`http://${server.url.host}/health`)).rejects.toThrow();
    server.child.kill("SIGTERM");
    expect(await ada.closed).toBe(4000);
    expect(await server.exited).toBe(0);
  });

  test("a file that is missing or no certificate is told in a sentence", async () => {
    await expect(start()).rejects.toThrow(
      /tickcast: The certificate cert\.pem with the key key\.pem cannot be used: ENOENT/,
    );
    certify(place.folder, "first");
    await expect(start("--tls-key", "cert.pem")).rejects.toThrow(/with the key cert\.pem cannot be used/);
  });
});

describe.skipIf(!hasOpenssl())("[OPS-41] a certificate is renewed while the server runs", () => {
  test("newcomers get the new one, who is there stays, and both see every tick; twice", async () => {
    certify(place.folder, "first");
    const server = await start();
    const players = [await play(server)];
    for (const name of ["second", "third"]) {
      certify(place.folder, name);
      while ((await presented(server)) !== name) await players[0]?.more(4);
      players.push(await play(server));
      await Promise.all(players.map(({ more }) => more(5)));
    }
    server.child.kill("SIGTERM");
    expect(await Promise.all(players.map(({ closed }) => closed))).toEqual([4000, 4000, 4000]);
    expect(await server.exited).toBe(0);
  });
});
