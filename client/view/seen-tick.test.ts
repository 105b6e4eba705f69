import { describe, expect, test } from "vitest";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import { sitDown } from "../../tests/server-kit/plain-view.ts";

describe("what the server is told", () => {
  test("[VIE-19] an input says which tick was drawn last, with its fraction, but none that has not closed", async () => {
    const { clock, server, room, tick, view } = await sitDown({ options: { extrapolateMs: 100 } });
    clock.advance(20);
    room.view();
    room.input({ run: true });
    server.sent.length = 0;
    tick();
    expect(server.take("input").map(([, , viewTick]) => viewTick)).toEqual([view.tick]);
    expect(view.tick % 1).not.toBe(0);
    clock.advance(400);
    expect(room.view().tick).toBeGreaterThan(room.tick + 1);
    room.input({ run: false });
    tick();
    expect(server.take("input").map(([, , viewTick]) => viewTick)).toEqual([room.tick]);
  });

  test("[VIE-19] [FLO-1] inputs that say a tick of long ago leave it to acknowledgements to say the present", async () => {
    const { server, room, tick } = await sitDown();
    room.input({ run: true });
    server.sent.length = 0;
    // Nothing is drawn any more: the page is in the background.
    for (let count = 0; count < 40; count++) tick();
    const inputs = server.sent.filter(([type]) => type === ClientFrame.input).length;
    const acked = server.take("ack").map(([, acknowledged]) => acknowledged as number);
    expect(inputs).toBeGreaterThan(10);
    expect(acked).toHaveLength(4);
    expect(acked.at(-1)).toBeGreaterThan(room.tick - 10);
  });

  test("[FLO-1] inputs that say a tick of just now are acknowledgements", async () => {
    const { server, room, tick } = await sitDown();
    room.input({ run: true });
    tick();
    server.sent.length = 0;
    for (let count = 0; count < 40; count++) {
      tick();
      room.view();
    }
    expect(server.take("ack")).toEqual([]);
  });
});
