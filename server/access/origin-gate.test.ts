import { describe, expect, test } from "vitest";
import { host } from "../../tests/server-kit/hosted.ts";
import { probeRoom } from "../../tests/server-kit/probe-game.ts";
import { originGate } from "./origin-gate.ts";

const request = (origin?: string) => ({
  path: "/arena",
  query: new URLSearchParams(),
  origin,
  remoteAddress: "192.0.2.1",
  userAgent: undefined,
});

describe("[OPS-30] pages of foreign origins are answered with 403 at the handshake", () => {
  const gate = originGate(["https://play.example.com", "http://localhost:3000"], "production");

  for (const origin of ["https://play.example.com", "http://localhost:3000", undefined])
    test(`${origin ?? "what is no browser"} may connect`, () => {
      expect(gate(request(origin))).toBeUndefined();
    });

  for (const origin of [
    "https://evil.example.com",
    "http://play.example.com",
    "https://play.example.com:8443",
    "https://play.example.com.evil.example",
    "http://localhost:3001",
    "null",
  ])
    test(`${origin} may not`, () => {
      expect(gate(request(origin))).toMatchObject({ verdict: "refuse", status: 403 });
    });

  test("in development pages of this machine may, too", () => {
    const relaxed = originGate([], "development");
    for (const origin of [
      "http://localhost:5173",
      "http://127.0.0.1:3000",
      "https://[::1]:1",
      "http://localhost",
    ])
      expect(relaxed(request(origin))).toBeUndefined();
    for (const origin of [
      "http://localhost.evil.example",
      "http://evil.example#localhost",
      "https://a.example",
    ])
      expect(relaxed(request(origin))).toMatchObject({ status: 403 });
  });

  for (const wrong of [
    "play.example.com",
    "https://play.example.com/",
    "https://a.example/page",
    "*",
    "HTTPS://A.example",
  ])
    test(`${wrong} is no origin, which is told at the start`, () => {
      expect(() => originGate([wrong], "production")).toThrow(
        `origins has "${wrong}"; it must be like "https://play.example.com", without a path`,
      );
    });

  test("each refused origin is told once, of many no more than 16, and of a long one its beginning", () => {
    const told: string[] = [];
    const telling = originGate(["https://play.example.com"], "production", (origin) => told.push(origin));
    for (const origin of ["https://a.example", "https://play.example.com", undefined, "https://a.example"])
      telling(request(origin));
    expect(told).toEqual(["https://a.example"]);
    telling(request(`https://${"b".repeat(5_000)}.example`));
    expect(told[1]).toBe(`https://${"b".repeat(192)}`);
    for (let n = 0; n < 100; n++) telling(request(`https://${n}.example`));
    expect(told).toHaveLength(16);
  });

  test("a server asks its gates, and opens nothing", async () => {
    const hosted = await host([probeRoom], { gates: [gate] });
    const stranger = await hosted.connect("/probe", { origin: "https://evil.example.com" });
    expect(stranger.ended?.code).toBe(1006);
    expect(hosted.server.sessions.size).toBe(0);
    const page = await hosted.connect("/probe", { origin: "https://play.example.com" });
    expect(page.ended).toBeUndefined();
    await hosted.stop();
  });
});
