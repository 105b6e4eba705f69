import { defineGame, record, text, u16, u32 } from "tickcast/game";
import * as v from "valibot";

const TEXT_LENGTH = 500;

const counter = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));

/**
 * The classic check of a connection: what one says comes back, to oneself alone. `number` is the sender's own,
 * so that it can tell which of its messages an echo answers.
 */
export const echo = defineGame({
  name: "echo",
  /** A message waits for the next tick, so its round trip is the network's plus at most 1/60 s. */
  tickRate: 60,
  state: {
    traffic: record({ connections: u16, echoes: u32 }),
  },
  events: {
    echo: { text: text(TEXT_LENGTH * 3), number: u32 },
  },
  messages: {
    say: v.object({ text: v.pipe(v.string(), v.maxLength(TEXT_LENGTH)), number: counter }),
  },
  requests: {
    /** The same as a call with an answer. */
    ping: { input: v.object({ number: counter }), reply: v.object({ number: v.number(), tick: v.number() }) },
  },
});

export type EchoSpec = (typeof echo)["spec"];
