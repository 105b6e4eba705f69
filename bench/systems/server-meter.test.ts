import { expect, test } from "vitest";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { ServerMeter } from "./server-meter.ts";

const first = { epoch: 0, periodMs: 50, fromTick: 10, toTick: 12 };
const second = { epoch: 0, periodMs: 50, fromTick: 12, toTick: 14 };

test("[BEN-20] each window has its own ticks, by the time they were to begin, whatever their number", async () => {
  const clock = new ManualClock();
  const meter = new ServerMeter(clock);
  const ticksAt = (...ticks: readonly (readonly [at: number, n: number, latenessMs: number])[]): void => {
    for (const [at, n, latenessMs] of ticks) clock.after(at, () => meter.ticked(n, latenessMs));
  };
  ticksAt([460, 9, 40], [501, 10, 1], [553, 3, 3], [601, 12, 1], [658, 5, 8], [705, 14, 70]);
  const inFirst = meter.measure(first);
  await clock.run(575);
  expect(await inFirst).toMatchObject({ published: 1, latenessMs: { max: expect.closeTo(3, 2) } });
  const inSecond = meter.measure({ ...second, fromTick: 13, toTick: 15 });
  await clock.run(150);
  expect(await inSecond).toMatchObject({ published: 1, latenessMs: { max: expect.closeTo(70, 0) } });
});
