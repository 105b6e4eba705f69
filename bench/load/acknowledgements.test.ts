import { describe, expect, test } from "vitest";
import { decodeTrusted } from "../../shared/protocol/codec.ts";
import { Acknowledgements, type Acknowledging } from "./acknowledgements.ts";

/** Clients that note what they send, and a moment that the test lets come. */
function acknowledging(clients: number, hz = 20) {
  const waiting: (() => void)[] = [];
  const acknowledgements = new Acknowledgements(hz, (write) => waiting.push(write));
  const sent: { client: number; frame: Uint8Array }[] = [];
  const crowd = Array.from(
    { length: clients },
    (_, client): Acknowledging => ({
      acknowledged: 0,
      send: (frame) => void sent.push({ client, frame }),
    }),
  );
  return {
    crowd,
    sent,
    waiting,
    close: (client: number, tick: number) => acknowledgements.closed(crowd[client] as Acknowledging, tick),
    laterOn: () => {
      for (const write of waiting.splice(0)) write();
      return sent.splice(0).map(({ client, frame }) => [client, unmasked(frame)]);
    },
  };
}

function unmasked(frame: Uint8Array): unknown {
  const mask = frame.subarray(2, 6);
  return decodeTrusted(frame.slice(6).map((byte, i) => byte ^ (mask[i % 4] as number)));
}

describe("acknowledgements of lean clients", () => {
  test("[BEN-24] say the first tick, and then one in half a second", () => {
    const { close, laterOn } = acknowledging(1);
    const said: unknown[] = [];
    for (let tick = 7; tick < 40; tick++) {
      close(0, tick);
      said.push(...laterOn());
    }
    expect(said).toEqual([7, 17, 27, 37].map((tick) => [0, [5, tick]]));
  });

  test("[BEN-24] an input in between counts as one", () => {
    const { crowd, close, laterOn } = acknowledging(1);
    close(0, 7);
    expect(laterOn()).toEqual([[0, [5, 7]]]);
    for (let tick = 8; tick < 60; tick++) {
      if (tick % 4 === 0) (crowd[0] as Acknowledging).acknowledged = tick - 1;
      close(0, tick);
    }
    expect(laterOn()).toEqual([]);
  });

  test("[BEN-24] are written later, those of a tick together and as one frame", () => {
    const { sent, waiting, close, laterOn } = acknowledging(3);
    for (const client of [0, 1, 2]) close(client, 5);
    expect([sent.length, waiting.length]).toEqual([0, 1]);
    waiting[0]?.();
    expect(new Set(sent.map(({ frame }) => frame)).size).toBe(1);
    expect(laterOn()).toEqual([0, 1, 2].map((client) => [client, [5, 5]]));
  });
});
