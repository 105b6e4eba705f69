import { expect, test } from "vitest";
import { Listeners } from "./listeners.ts";

const setUp = () => {
  const reported: unknown[] = [];
  const listeners = new Listeners<[word: string]>((error) => reported.push(error));
  const heard: string[] = [];
  const hear = (who: string) => (word: string) => void heard.push(`${who}:${word}`);
  return { reported, listeners, heard, hear };
};

test("[CLI-14] a listener that throws is reported and stops nobody", () => {
  const { reported, listeners, heard, hear } = setUp();
  const mistake = new Error("a mistake");
  listeners.add(() => {
    throw mistake;
  });
  listeners.add(hear("second"));
  listeners.notify("a");
  expect(heard).toEqual(["second:a"]);
  expect(reported).toEqual([mistake]);
});

test("[CLI-15] a release may be called twice, and ends that one registration alone", () => {
  const { listeners, heard, hear } = setUp();
  const listener = hear("twin");
  const release = listeners.add(listener);
  listeners.add(listener);
  release();
  release();
  listeners.notify("a");
  expect(heard).toEqual(["twin:a"]);
});

test("[CLI-15] one that is released while others are called is not called any more", () => {
  const { listeners, heard, hear } = setUp();
  listeners.add((word) => {
    heard.push(`first:${word}`);
    releaseSecond();
  });
  const releaseSecond = listeners.add(hear("second"));
  listeners.add(hear("third"));
  listeners.notify("a");
  expect(heard).toEqual(["first:a", "third:a"]);
});

test("[CLI-15] one that is added while others are called is called from the next time on", () => {
  const { listeners, heard, hear } = setUp();
  const releaseFirst = listeners.add((word) => {
    heard.push(`first:${word}`);
    releaseFirst();
    listeners.add(hear("late"));
  });
  listeners.notify("a");
  expect(heard).toEqual(["first:a"]);
  listeners.notify("b");
  expect(heard).toEqual(["first:a", "late:b"]);
});
