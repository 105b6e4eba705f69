import { expect, test } from "vitest";
import { PlainLines, progressText } from "./progress-line.ts";

const length = { bots: 200, seconds: 10 };
const well = { joined: 150, playing: 150, refused: 0, disconnected: 0, missedTicks: 0 };

test("while bots join it counts them, while they play it counts time", () => {
  expect(progressText(length, "joining", well, 0)).toBe("150 of 200 bots");
  expect(progressText(length, "playing", well, 3.9)).toBe("3 of 10 s, 150 bots");
});

test("time does not run beyond the end", () => {
  expect(progressText(length, "playing", well, 10.2)).toBe("10 of 10 s, 150 bots");
});

test("troubles are told as they come", () => {
  const trouble = { ...well, refused: 50, disconnected: 2, missedTicks: 7 };
  expect(progressText(length, "joining", trouble, 0)).toBe(
    "150 of 200 bots, 50 refused, 2 disconnected, 7 ticks missed",
  );
});

test("without a terminal there is a line at most each 2 s", () => {
  let now = 5_000;
  const written: string[] = [];
  const lines = new PlainLines(
    length,
    () => now,
    (text) => written.push(text),
  );
  for (; now < 9_001; now += 250) lines.show("playing", well, (now - 5_000) / 1_000);
  expect(written).toEqual([
    "playing: 0 of 10 s, 150 bots",
    "playing: 2 of 10 s, 150 bots",
    "playing: 4 of 10 s, 150 bots",
  ]);
});
