import { expect, test } from "vitest";
import { EchoSchedule } from "./echo-schedule.ts";

test("[BEN-113] every client asks as often, evenly over time and phases of a tick, whatever is answered", () => {
  const schedule = new EchoSchedule({ clients: 7, rate: 10 });
  const counts = { request: new Array<number>(7).fill(0), ping: new Array<number>(7).fill(0) };
  const phases = new Array<number>(5).fill(0);
  for (let ms = 1; ms <= 1000; ms++)
    for (const { client, way } of schedule.dueBy(ms)) {
      counts[way][client] = (counts[way][client] ?? 0) + 1;
      if (way === "request")
        phases[Math.floor((ms % 50) / 10)] = (phases[Math.floor((ms % 50) / 10)] ?? 0) + 1;
    }
  expect(counts).toEqual({ request: new Array(7).fill(10), ping: new Array(7).fill(10) });
  for (const count of phases) expect(Math.abs(count - 14)).toBeLessThanOrEqual(7);
});

test("[BEN-113] what a busy moment held up is asked at once, and nothing is left out", () => {
  const late = new EchoSchedule({ clients: 3, rate: 10 });
  expect([...late.dueBy(0)]).toEqual([]);
  expect([...late.dueBy(100)].map(({ client, way }) => `${way} ${client}`)).toEqual([
    "request 0",
    "request 1",
    "request 2",
    "ping 0",
    "ping 1",
    "ping 2",
  ]);
});
