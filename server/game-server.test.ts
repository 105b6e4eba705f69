import { describe, expect, test } from "vitest";
import { host } from "../tests/server-kit/hosted.ts";
import { probeGame, probeRoom } from "../tests/server-kit/probe-game.ts";
import type { HttpHandler } from "./game-server-parts.ts";
import { defaultLimits } from "./limits.ts";

describe("[HTT-4] GET /health", () => {
  test("says how the server is", async () => {
    const hosted = await host([probeRoom]);
    await hosted.join("/probe", probeGame);
    await hosted.run(90_000 - hosted.clock.now());
    const response = await hosted.request("/health");
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      status: "ok",
      uptimeSeconds: 90,
      connections: 1,
      rooms: 1,
      players: 1,
    });
  });
});

describe("[HTT-5] the author's handlers", () => {
  const answer =
    (text: string | undefined, asked: string[] = [], name = ""): HttpHandler =>
    (request, remoteAddress) => {
      asked.push(`${name} ${new URL(request.url).pathname} ${remoteAddress}`);
      return text === undefined ? undefined : new Response(text);
    };

  test("are asked after the server's own addresses, in order, until one answers", async () => {
    const asked: string[] = [];
    const hosted = await host([probeRoom], {
      http: [
        answer(undefined, asked, "first"),
        answer("second", asked, "second"),
        answer("third", asked, "third"),
      ],
    });
    expect(await (await hosted.request("/hello")).text()).toBe("second");
    expect(asked).toEqual(["first /hello 127.0.0.1", "second /hello 127.0.0.1"]);
  });

  test("never get /health, /rooms or what is below it, but what only begins like it", async () => {
    const asked: string[] = [];
    const hosted = await host([probeRoom], { http: [answer("mine", asked)] });
    for (const path of ["/health", "/rooms", "/rooms/", "/rooms/nowhere"]) await hosted.request(path);
    expect(asked).toEqual([]);
    for (const path of ["/roomservice", "/healthy", "/"])
      expect(await (await hosted.request(path)).text()).toBe("mine");
  });

  test("may take their time", async () => {
    const hosted = await host([probeRoom], {
      http: [
        async () => {
          await Promise.resolve();
          return undefined;
        },
        async () => new Response("later"),
      ],
    });
    expect(await (await hosted.request("/")).text()).toBe("later");
  });

  test("where none answers, the answer is a problem in JSON", async () => {
    const hosted = await host([probeRoom], { http: [answer(undefined)] });
    const response = await hosted.request("/<b>nowhere</b>");
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await response.json()).toEqual({
      error: { code: "not-found", message: "There is nothing at /%3Cb%3Enowhere%3C/b%3E." },
    });
  });

  test("one that throws is a 500 and told on the bus; rooms and other requests go on", async () => {
    const hosted = await host([probeRoom], {
      http: [
        () => {
          throw new Error("a handler's bug");
        },
      ],
    });
    const ada = await hosted.join("/probe", probeGame);
    expect((await hosted.request("/x")).status).toBe(500);
    expect((await hosted.request("/health")).status).toBe(200);
    await hosted.ticks(2);
    expect(ada.tick).toBe(3);
    expect(hosted.faults).toEqual([{ where: "http", error: new Error("a handler's bug") }]);
  });
});

describe("[LIM-2] limits hold for the server that was given them", () => {
  test("nonsense is refused before anything listens", async () => {
    await expect(host([probeRoom], { limits: { greetingMs: -1 } })).rejects.toThrow(
      new RangeError("limits.greetingMs is -1; it must be a number above 0"),
    );
  });

  test("those that are not given are the defaults", async () => {
    const hosted = await host([probeRoom], { limits: { maxRooms: 5 } });
    const silent = await hosted.connect("/probe");
    await hosted.run(defaultLimits.greetingMs);
    expect(silent.ended?.name).toBe("greeting-timeout");
  });

  test("the input lead and silence are counted in the game's ticks", async () => {
    const hosted = await host([probeRoom], { limits: { maxInputLeadMs: 500, inputSilenceMs: 400 } });
    const ada = await hosted.join("/probe", probeGame);
    ada.input(2, 1, false);
    ada.input(12, 1, true);
    await hosted.ticks(30);
    const row = hosted.room().state.find("players", 1);
    // Tick 12 is ten ticks ahead of the next: beyond the lead. Eight ticks of the first make 400 ms.
    expect(row).toMatchObject({ x: 8, shots: 0 });
  });
});
