import { describe, expect, test } from "vitest";
import { Bus, type ServerEvents } from "./bus.ts";

type Failure = Parameters<ServerEvents["listenerFailed"]>[0];

const listening = { host: "memory", port: 1 };
const listenerBug = new Error("a listener's bug");

function setup() {
  const bus = new Bus();
  const failures: Failure[] = [];
  bus.on("listenerFailed", (failure) => failures.push(failure));
  return { bus, failures };
}

describe("[BUS-1] listeners are told in the order in which they came", () => {
  test("each gets the event itself, and nobody the events of another name", () => {
    const { bus } = setup();
    const heard: unknown[] = [];
    bus.on("listening", (event) => heard.push("first", event));
    bus.on("listening", (event) => heard.push("second", event));
    bus.on("stopping", (event) => heard.push(event));
    bus.emit("listening", listening);
    expect(heard).toEqual(["first", listening, "second", listening]);
  });

  test("one that comes while an event is told hears the next", () => {
    const { bus } = setup();
    const heard: string[] = [];
    bus.on("listening", () => {
      heard.push("old");
      if (heard.length === 1) bus.on("listening", () => heard.push("new"));
    });
    bus.emit("listening", listening);
    expect(heard).toEqual(["old"]);
    bus.emit("listening", listening);
    expect(heard).toEqual(["old", "old", "new"]);
  });
});

describe("[BUS-2] a failing listener hurts nobody", () => {
  test("the others are told, the emitter goes on, and listenerFailed names the event", () => {
    const { bus, failures } = setup();
    const heard: string[] = [];
    bus.on("listening", () => {
      throw listenerBug;
    });
    bus.on("listening", () => heard.push("second"));
    expect(() => bus.emit("listening", listening)).not.toThrow();
    expect(heard).toEqual(["second"]);
    expect(failures).toEqual([{ event: "listening", error: listenerBug }]);
  });

  test("one that rejects later is told as well, so it never ends the process", async () => {
    const { bus, failures } = setup();
    bus.on("listening", async () => {
      await Promise.resolve();
      throw listenerBug;
    });
    bus.emit("listening", listening);
    expect(failures).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(failures).toEqual([{ event: "listening", error: listenerBug }]);
  });

  test("[BUS-3] a failing listener of listenerFailed is told to nobody, and the others still are", async () => {
    const bus = new Bus();
    let calls = 0;
    bus.on("listenerFailed", () => {
      calls += 1;
      throw new Error("its own bug");
    });
    bus.on("listenerFailed", async () => {
      throw new Error("its own bug, later");
    });
    const failures: Failure[] = [];
    bus.on("listenerFailed", (failure) => failures.push(failure));
    bus.on("listening", () => {
      throw listenerBug;
    });
    bus.emit("listening", listening);
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toBe(1);
    expect(failures).toEqual([{ event: "listening", error: listenerBug }]);
  });
});

describe("[BUS-4] `on` returns its release", () => {
  test("a released listener hears nothing more, and releasing twice is harmless", () => {
    const { bus } = setup();
    const heard: string[] = [];
    const release = bus.on("listening", () => heard.push("released"));
    bus.on("listening", () => heard.push("kept"));
    release();
    release();
    bus.emit("listening", listening);
    expect(heard).toEqual(["kept"]);
  });

  test("`hears` says whether anyone listens", () => {
    const { bus } = setup();
    expect(bus.hears("tickFlushed")).toBe(false);
    const release = bus.on("tickFlushed", () => {});
    expect(bus.hears("tickFlushed")).toBe(true);
    release();
    expect(bus.hears("tickFlushed")).toBe(false);
  });

  test("hundreds of listeners are no leak to be warned of", () => {
    const warnings: Error[] = [];
    const collect = (warning: Error): void => void warnings.push(warning);
    process.on("warning", collect);
    const { bus } = setup();
    let heard = 0;
    for (let i = 0; i < 300; i++) bus.on("listening", () => void heard++);
    bus.emit("listening", listening);
    process.off("warning", collect);
    expect(heard).toBe(300);
    expect(warnings).toEqual([]);
  });
});
