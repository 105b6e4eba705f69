import { expect, test } from "vitest";
import { decodeTrusted } from "../shared/protocol/codec.ts";
import { ClientFrame } from "../shared/protocol/frames.ts";
import { ManualClock } from "../tests/kit/manual-clock.ts";
import { CallOutbox } from "./call-outbox.ts";
import { Link } from "./link.ts";

const PERIOD_MS = 50;

function outbox() {
  const clock = new ManualClock();
  const link = new Link();
  const sent: number[] = [];
  const payloads: unknown[] = [];
  link.openTo({
    send(bytes) {
      const [, sequence, , payload] = decodeTrusted(bytes) as [number, number, number, unknown];
      sent.push(sequence);
      payloads.push(payload);
    },
    close: () => {},
    bufferedBytes: 0,
  });
  const calls = new CallOutbox(link, clock, PERIOD_MS);
  const push = (payload: unknown = null) => calls.push(ClientFrame.message, 0, payload);
  return { clock, calls, push, sent, payloads };
}

const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

test("[RET-5] calls go out at once, numbered from 1, and as they were when they were made", () => {
  const { push, sent, payloads } = outbox();
  const payload = { n: 1 };
  expect([push(payload), push()]).toEqual([1, 2]);
  payload.n = 2;
  expect([sent, payloads]).toEqual([
    [1, 2],
    [{ n: 1 }, null],
  ]);
});

test("[RET-5] so many go out in a period, the rest with the next", async () => {
  const { clock, calls, push, sent } = outbox();
  for (let n = 0; n < 60; n++) push();
  expect(sent).toEqual(upTo(24));
  // Ticks that close at once, after a stall, are one period.
  calls.flush();
  expect(sent).toEqual(upTo(24));
  await clock.run(PERIOD_MS);
  calls.flush();
  expect(sent).toEqual(upTo(48));
  expect(calls.isEmpty).toBe(false);
  await clock.run(PERIOD_MS);
  calls.flush();
  expect([sent, calls.isEmpty]).toEqual([upTo(60), true]);
});

test("[RET-5] on another connection what arrived is not sent again, and the rest is, in order", async () => {
  const { clock, calls, push, sent } = outbox();
  for (let n = 0; n < 5; n++) push();
  calls.processed(2);
  calls.disconnected();
  push();
  expect(sent.splice(0)).toEqual(upTo(5));
  await clock.run(PERIOD_MS);
  calls.reconnected(4);
  expect(sent).toEqual([5, 6]);
});

test("[RET-10] beyond what may wait a call is refused, until something was processed", () => {
  const { calls, push } = outbox();
  for (let n = 0; n < 1_024; n++) push();
  expect(push()).toBeUndefined();
  calls.processed(1);
  expect(push()).toBe(1_025);
});

test("[FAI-7] calls that were undone are counted once, however often the room is set back before them", () => {
  const { calls, push } = outbox();
  for (let n = 0; n < 10; n++) push();
  calls.processed(10);
  expect(calls.undone(7)).toEqual({ count: 3, upTo: 10 });
  push();
  calls.processed(11);
  expect(calls.undone(7)).toEqual({ count: 1, upTo: 11 });
  expect(calls.undone(7)).toEqual({ count: 0, upTo: 7 });
  push();
  calls.processed(12);
  expect(calls.undone(9)).toEqual({ count: 1, upTo: 12 });
  expect(calls.undone(5)).toEqual({ count: 2, upTo: 9 });
});

test("[CKP-21] what a rollback undid is counted once, however often the room is set back behind it", () => {
  const { calls, push } = outbox();
  for (let n = 0; n < 5; n++) push();
  calls.processed(5);
  expect([calls.undone(3).count, calls.undone(3).count]).toEqual([2, 0]);
  for (let n = 0; n < 3; n++) push();
  // 4 and 5 are told already, 6 and 7 are not; then 2 and 3 go, too.
  calls.processed(7);
  expect(calls.undone(3).count).toBe(2);
  calls.processed(8);
  expect([calls.undone(1).count, calls.undone(1).count]).toEqual([3, 0]);
  // Nothing that comes later is touched by what was.
  push();
  calls.processed(9);
  expect([calls.undone(8).count, calls.undone(1).count]).toEqual([1, 0]);
  push();
  calls.processed(10);
  expect([calls.undone(1).count, calls.undone(0).count]).toEqual([1, 1]);
});
