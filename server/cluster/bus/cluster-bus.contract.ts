import { describe, expect, test } from "vitest";
import type { Release } from "../../../shared/tick/clock.ts";
import { type ClusterBus, MOST_MESSAGE_BYTES } from "./cluster-bus.ts";

/** A bus under test, whose time the harness lets pass. */
export interface BusHarness {
  connect(): Promise<ClusterBus>;
  pass(ms: number): Promise<void>;
  /** All lines of a bus are down until the release. */
  cut(bus: ClusterBus): Promise<Release>;
  close(): Promise<void>;
}

export function clusterBusContract(name: string, make: () => Promise<BusHarness>): void {
  const run = async (
    steps: (harness: BusHarness, one: ClusterBus, two: ClusterBus) => Promise<void>,
  ): Promise<void> => {
    const harness = await make();
    const [one, two] = [await harness.connect(), await harness.connect()];
    try {
      await steps(harness, one, two);
    } finally {
      await one.close();
      await two.close();
      await harness.close();
    }
  };
  const until = async (harness: BusHarness, what: string, condition: () => boolean): Promise<void> => {
    for (let waited = 0; waited < 5_000 && !condition(); waited += 20) await harness.pass(20);
    expect(condition(), what).toBe(true);
  };
  const heard = async (bus: ClusterBus, channel: string) => {
    const messages: string[] = [];
    const { ready, release } = bus.subscribe(channel, (message) => messages.push(message));
    await ready;
    return { messages, release };
  };

  describe(`the cluster bus: ${name}`, () => {
    test("[NOD-20] everybody who listens on a channel hears each message once, in the sender's order, the sender too", () =>
      run(async (harness, one, two) => {
        const here = await heard(one, "news");
        const there = await heard(two, "news");
        const again = await heard(two, "news");
        const elsewhere = await heard(two, "other");
        const sent = Array.from({ length: 50 }, (_, at) => `message ${at} ✓`);
        for (const message of sent) expect(one.publish("news", message)).toBe("sent");
        await until(
          harness,
          "all have come",
          () => there.messages.length >= 50 && here.messages.length >= 50,
        );
        await harness.pass(50);
        for (const { messages } of [here, there, again]) expect(messages).toEqual(sent);
        expect(elsewhere.messages).toEqual([]);
      }));

    test("[NOD-20] who has given up listening, or has closed, hears nothing more", () =>
      run(async (harness, one, two) => {
        const gone = await heard(two, "news");
        const stays = await heard(two, "news");
        gone.release();
        gone.release();
        one.publish("news", "a");
        await until(harness, "it has come", () => stays.messages.length === 1);
        await two.close();
        one.publish("news", "b");
        await harness.pass(100);
        expect([gone.messages, stays.messages, two.publish("news", "c")]).toEqual([[], ["a"], "dropped"]);
      }));

    test("[NOD-21] what is sent while a line is down is lost, and what is sent afterwards is heard again", () =>
      run(async (harness, one, two) => {
        const { messages } = await heard(two, "news");
        const heal = await harness.cut(two);
        one.publish("news", "lost");
        await harness.pass(200);
        heal();
        let sent = 0;
        await until(harness, "it hears again", () => {
          one.publish("news", `later ${++sent}`);
          return messages.length > 0;
        });
        expect(messages.filter((message) => message === "lost")).toEqual([]);
      }));

    test("[NOD-21] without a line it is said at once that a message is dropped, and nothing waits", () =>
      run(async (harness, one) => {
        const heal = await harness.cut(one);
        await until(harness, "it is known", () => one.publish("news", "x") === "dropped");
        heal();
        await until(harness, "it is back", () => one.publish("news", "x") === "sent");
      }));

    test("[NOD-21] a message that is too long is our own misuse", () =>
      run(async (_harness, one) => {
        expect(() => one.publish("news", "x".repeat(MOST_MESSAGE_BYTES + 1))).toThrow(RangeError);
      }));
  });
}
