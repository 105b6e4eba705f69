/** A process of the benchmark: clients that ask, and time the answers. */
import { clockId, NodeClock } from "../../shared/platform/node-clock.ts";
import { encode } from "../../shared/protocol/codec.ts";
import {
  ClientFrame,
  type HelloFrame,
  PROTOCOL_VERSION,
  type WelcomeFrame,
} from "../../shared/protocol/frames.ts";
import { periodMs } from "../../shared/tick/tick.ts";
import { serveParent, tell } from "../run/child-side.ts";
import { readAround } from "../run/cpu-window.ts";
import type { MeasuredWindow, RunSpec } from "../run/messages.ts";
import { roomPath } from "../run/rooms.ts";
import { echo, SAID } from "../scenarios/echo.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import { EchoClient } from "./echo-client.ts";
import { EchoRecorder } from "./echo-recorder.ts";
import { EchoSchedule } from "./echo-schedule.ts";
import { readUse, useBetween } from "./load-use.ts";

const HOST = "127.0.0.1";
const READ_BYTES = 64 * 1024;
const JOIN_WITHIN_MS = 10_000;
/** How often it is looked who is to ask. */
const SLICE_MS = 1;
/** Answers may come so long after the window. */
const ANSWER_WITHIN_MS = 2_000;

const clock = new NodeClock();
const clients: EchoClient[] = [];
const lost: string[] = [];
let spec: RunSpec | undefined;
let recorder: EchoRecorder | undefined;

serveParent({
  async start(run, port) {
    spec = run;
    const joined = await join(run, port);
    const mine = clockId();
    const [, , tick, epoch, id] = joined;
    tell({
      type: "ready",
      epoch,
      tick,
      sameClock: id === null || mine === undefined ? undefined : id === mine,
    });
  },
  async measure(window) {
    if (spec === undefined) throw new Error("there are no clients to measure with");
    await measure(spec, window);
  },
});

/** Everyone joins at once; all are told much the same, and the last is who counts. */
async function join(run: RunSpec, port: number): Promise<WelcomeFrame> {
  const hello: HelloFrame = [ClientFrame.hello, PROTOCOL_VERSION, echo.game(run.hz).hash, null];
  const common = {
    host: HOST,
    port,
    path: roomPath(run, 0),
    hello: encode(hello).slice(),
    buffer: new Uint8Array(READ_BYTES),
    clock,
    payload: { text: SAID },
  };
  const acknowledgements = new Acknowledgements(run.hz, (write) => {
    clock.after(periodMs(run.hz) / 2, write);
  });
  const welcomes = Array.from(
    { length: run.clients },
    () =>
      new Promise<WelcomeFrame>((resolve, reject) => {
        const tooLate = setTimeout(() => reject(new Error("a client did not join in time")), JOIN_WITHIN_MS);
        let welcome: WelcomeFrame | undefined;
        const client = new EchoClient(common, {
          welcomed: (frame) => {
            welcome = frame;
          },
          ticked: (tick) => {
            acknowledgements.closed(client, tick);
            if (welcome === undefined) return;
            clearTimeout(tooLate);
            resolve(welcome);
          },
          answered: (way, sentAt) => recorder?.answered(way, sentAt, clock.now()),
          lost: (why) => {
            lost.push(why);
            reject(new Error(`a client could not join: ${why}`));
          },
        });
        clients.push(client);
      }),
  );
  const all = await Promise.all(welcomes);
  return all.reduce((latest, welcome) => (welcome[2] > latest[2] ? welcome : latest));
}

async function measure(
  { clients: count, echoRate = 1, cores }: RunSpec,
  window: MeasuredWindow,
): Promise<void> {
  const recording = new EchoRecorder(window);
  recorder = recording;
  const schedule = new EchoSchedule({ clients: count, rate: echoRate });
  const began = clock.now();
  const asking = setInterval(() => {
    for (const { client, way } of schedule.dueBy(clock.now() - began)) {
      const sentAt = clients[client]?.ask(way);
      if (sentAt !== undefined) recording.asked(way, sentAt);
    }
  }, SLICE_MS);
  const { before, after, wallMs } = await readAround(window, clock, () => readUse(cores));
  clearInterval(asking);
  const deadline = clock.now() + ANSWER_WITHIN_MS;
  while (!recording.complete && clock.now() < deadline)
    await new Promise<void>((resolve) => clock.after(10, resolve));
  tell({
    type: "echoed",
    use: useBetween(before, after, wallMs),
    request: recording.figures("request"),
    ping: recording.figures("ping"),
    lost: [...lost],
  });
  for (const client of clients) client.end();
}
