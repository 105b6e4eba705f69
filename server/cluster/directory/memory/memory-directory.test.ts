import { expect, test } from "vitest";
import type { Release } from "../../../../shared/tick/clock.ts";
import { ManualClock } from "../../../../tests/kit/manual-clock.ts";
import { answered, arena, codeOf, type DirectoryHarness, registration } from "../contract/kit.contract.ts";
import { directoryContract } from "../directory.contract.ts";
import type { Directory } from "../directory.ts";
import type { DirectoryOptions } from "../directory-options.ts";
import type { MemoryDirectory } from "./memory-directory.ts";
import { MemoryHub } from "./memory-hub.ts";

/** Timers by hand; what takes no time happens in the next turn of the real event loop. */
class PromptClock extends ManualClock {
  override soon(callback: () => void): Release {
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  }
}

async function memoryHarness(options: DirectoryOptions): Promise<DirectoryHarness> {
  const clock = new PromptClock({ startMs: 1_000_000 });
  const hub = new MemoryHub(clock, options);
  const handles: Directory[] = [];
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 10) {
      await clock.run(Math.min(10, ms - passed));
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    connect: async () => {
      const handle = hub.connect();
      handles.push(handle);
      return handle;
    },
    cut: async (directory, how) => (directory as MemoryDirectory).cut(how),
    pass,
    restartEmpty: async () => {
      hub.stop();
      await pass(20);
      hub.start("lost");
    },
    close: async () => {
      for (const handle of handles) await handle.close();
      expect(clock.pending).toBe(0);
    },
  };
}

directoryContract("the memory", memoryHarness);

test("[DIR-17] an answer that is lost leaves open whether it was done; to ask again is harmless", async () => {
  const clock = new ManualClock();
  const hub = new MemoryHub(clock);
  const [one, two] = [hub.connect(), hub.connect()];
  const lease = await settled(clock, one.registerNode(registration()));
  const heal = one.cut("answers-lost");
  const room = { ...arena, id: "r", options: undefined, maxSeats: 2 };
  expect(codeOf(await after(clock, hub, one.createRoom(answered(lease), room)))).toBe(
    "directory-unavailable",
  );
  expect(codeOf(await settled(clock, two.room("r")))).toMatch(/^ok/);
  heal();
  expect(codeOf(await settled(clock, one.createRoom(answered(lease), room)))).toMatch(/^ok/);
});

test("[DIR-17] a memory that stands still and is started again knows what it knew", async () => {
  const clock = new ManualClock();
  const hub = new MemoryHub(clock);
  const one = hub.connect();
  const lease = answered(await settled(clock, one.registerNode(registration())));
  hub.stop();
  expect(codeOf(await settled(clock, one.nodes()))).toBe("directory-unavailable");
  hub.start("kept");
  expect(answered(await settled(clock, one.nodes())).map(({ epoch }) => epoch)).toEqual([lease.epoch]);
});

async function settled<Result>(clock: ManualClock, promise: Promise<Result>): Promise<Result> {
  await clock.settle();
  return promise;
}

async function after<Result>(clock: ManualClock, hub: MemoryHub, promise: Promise<Result>): Promise<Result> {
  await clock.run(hub.options.deadlineMs);
  return promise;
}
