import { afterEach, describe, expect, test } from "vitest";
import { Bus } from "../bus.ts";
import { Metrics } from "./metrics.ts";
import { noTraffic } from "./traffic.ts";

const room = { id: "r1", game: "arena" };
const made: Metrics[] = [];

function measured() {
  const bus = new Bus();
  const traffic = noTraffic();
  const metrics = new Metrics(bus, traffic);
  made.push(metrics);
  /** The lines of one metric, without comments. */
  const lines = async (name: string): Promise<string[]> =>
    (await metrics.text()).split("\n").filter((line) => new RegExp(`^${name}(_sum|_count)?[{ ]`).test(line));
  return { bus, traffic, metrics, lines };
}

afterEach(() => {
  for (const metrics of made.splice(0)) metrics.release();
});

describe("[OPS-2] metrics are what the bus and the transport say, added up", () => {
  test("ticks: duration, lateness, phases, and what was encoded", async () => {
    const { bus, lines } = measured();
    const report = {
      room,
      players: 2,
      latenessMs: 3,
      stepMs: 1,
      commitMs: 2,
      publishMs: 4,
      frames: 5,
      bytes: 600,
      keyframes: 1,
    };
    bus.emit("tickDone", { ...report, tick: 1 });
    bus.emit("tickDone", { ...report, tick: 2 });
    bus.emit("tickFlushed", { room, tick: 2, flushedMs: 9 });
    expect(await lines("tickcast_tick_duration_seconds")).toEqual([
      'tickcast_tick_duration_seconds_sum{game="arena"} 0.014',
      'tickcast_tick_duration_seconds_count{game="arena"} 2',
    ]);
    expect(await lines("tickcast_tick_lateness_seconds")).toContain(
      'tickcast_tick_lateness_seconds_sum{game="arena"} 0.006',
    );
    expect(await lines("tickcast_tick_flush_seconds")).toContain(
      'tickcast_tick_flush_seconds_sum{game="arena"} 0.009',
    );
    expect(await lines("tickcast_tick_phase_seconds_total")).toEqual([
      'tickcast_tick_phase_seconds_total{game="arena",phase="step"} 0.002',
      'tickcast_tick_phase_seconds_total{game="arena",phase="commit"} 0.004',
      'tickcast_tick_phase_seconds_total{game="arena",phase="publish"} 0.008',
    ]);
    expect(await lines("tickcast_frames_encoded_total")).toEqual([
      'tickcast_frames_encoded_total{game="arena"} 10',
    ]);
    expect(await lines("tickcast_encoded_bytes_total")).toEqual([
      'tickcast_encoded_bytes_total{game="arena"} 1200',
    ]);
    expect(await lines("tickcast_keyframes_encoded_total")).toEqual([
      'tickcast_keyframes_encoded_total{game="arena"} 2',
    ]);
  });

  test("slips and late inputs", async () => {
    const { bus, lines } = measured();
    bus.emit("tickSlipped", { room, tick: 9, skippedMs: 150 });
    bus.emit("inputLate", { room, player: 1, inputTick: 7, appliedTick: 9 });
    expect(await lines("tickcast_tick_slips_total")).toEqual(['tickcast_tick_slips_total{game="arena"} 1']);
    expect(await lines("tickcast_slipped_seconds_total")).toEqual([
      'tickcast_slipped_seconds_total{game="arena"} 0.15',
    ]);
    expect(await lines("tickcast_input_lateness_ticks")).toContain(
      'tickcast_input_lateness_ticks_sum{game="arena"} 2',
    );
  });

  test("rooms, and players by state; one whose join failed was never a player", async () => {
    const { bus, lines } = measured();
    bus.emit("roomCreated", { room });
    for (const player of [1, 2]) bus.emit("playerJoined", { room, player });
    bus.emit("presenceChanged", { room, player: 1, from: "entering", to: "following", why: undefined });
    bus.emit("presenceChanged", { room, player: 1, from: "following", to: "stalled", why: "backlog" });
    bus.emit("presenceChanged", { room, player: 3, from: "entering", to: "gone", why: undefined });
    expect(await lines("tickcast_rooms")).toEqual(['tickcast_rooms{game="arena"} 1']);
    expect(await lines("tickcast_players")).toEqual([
      'tickcast_players{game="arena",state="entering"} 1',
      'tickcast_players{game="arena",state="following"} 0',
      'tickcast_players{game="arena",state="stalled"} 1',
      'tickcast_players{game="arena",state="returning"} 0',
      'tickcast_players{game="arena",state="away"} 0',
    ]);
    bus.emit("presenceChanged", { room, player: 1, from: "stalled", to: "returning", why: "backlog" });
    bus.emit("playerLeft", { room, player: 2, reason: "left" });
    bus.emit("presenceChanged", { room, player: 2, from: "entering", to: "gone", why: undefined });
    expect(await lines("tickcast_players")).toContain('tickcast_players{game="arena",state="entering"} 0');
    expect(await lines("tickcast_stalls_total")).toEqual([
      'tickcast_stalls_total{game="arena",cause="backlog"} 1',
    ]);
    expect(await lines("tickcast_resyncs_total")).toEqual([
      'tickcast_resyncs_total{game="arena",cause="backlog"} 1',
    ]);
    expect(await lines("tickcast_players_left_total")).toEqual([
      'tickcast_players_left_total{game="arena",reason="left"} 1',
    ]);
    bus.emit("roomClosed", { room, reason: "room-closed", ticks: 5 });
    expect(await lines("tickcast_rooms")).toEqual([]);
    expect(await lines("tickcast_players")).toEqual([]);
  });

  test("connections by who ended them, and those that never got in", async () => {
    const { bus, lines } = measured();
    const session = { address: "::1", path: "/arena", openMs: 5, code: 4101 };
    bus.emit("sessionChanged", { session: 1, from: "joining", to: "joined" });
    bus.emit("sessionClosed", { ...session, session: 1, name: "going-away", during: "joined" });
    bus.emit("sessionClosed", { ...session, session: 2, name: "room-full", during: "gone" });
    expect(await lines("tickcast_sessions_closed_total")).toEqual([
      'tickcast_sessions_closed_total{name="going-away",by="client"} 1',
      'tickcast_sessions_closed_total{name="room-full",by="server"} 1',
    ]);
    expect(await lines("tickcast_sessions_refused_total")).toEqual([
      'tickcast_sessions_refused_total{name="room-full"} 1',
    ]);
  });

  test("limits that were hit, as often as they were", async () => {
    const { bus, lines } = measured();
    bus.emit("limited", { limit: "maxConnectionsPerAddress", address: "10.0.0.1", count: 1 });
    bus.emit("limited", { limit: "maxConnectionsPerAddress", address: "10.0.0.1", count: 40 });
    expect(await lines("tickcast_limited_total")).toEqual([
      'tickcast_limited_total{limit="maxConnectionsPerAddress"} 41',
    ]);
  });

  test("what fails", async () => {
    const { bus, lines } = measured();
    bus.emit("hookFailed", { room, where: { hook: "message", name: "chat" }, error: new Error("x") });
    bus.emit("transportFailed", { where: "http", error: new Error("x") });
    expect(await lines("tickcast_hook_failures_total")).toEqual([
      'tickcast_hook_failures_total{game="arena",hook="message"} 1',
    ]);
    expect(await lines("tickcast_faults_total")).toEqual(['tickcast_faults_total{where="http"} 1']);
  });

  test("join tickets: given out by game, refused by why", async () => {
    const { bus, lines } = measured();
    bus.emit("ticketIssued", { room });
    for (const fault of ["used", "used", "expired"] as const)
      bus.emit("ticketRefused", { game: "arena", fault, address: "192.0.2.1" });
    expect(await lines("tickcast_tickets_issued_total")).toEqual([
      'tickcast_tickets_issued_total{game="arena"} 1',
    ]);
    expect(await lines("tickcast_tickets_refused_total")).toEqual([
      'tickcast_tickets_refused_total{fault="used"} 2',
      'tickcast_tickets_refused_total{fault="expired"} 1',
    ]);
  });

  test("traffic, and the process: event loop, garbage collection, heap", async () => {
    const { traffic, metrics, lines } = measured();
    Object.assign(traffic, {
      connections: 2,
      framesSent: 40,
      bytesSent: 4_000,
      messagesReceived: 3,
      bytesReceived: 60,
    });
    traffic.refused.set(403, 2);
    expect(await lines("tickcast_connections")).toEqual(["tickcast_connections 2"]);
    expect(await lines("tickcast_sent_bytes_total")).toEqual(["tickcast_sent_bytes_total 4000"]);
    expect(await lines("tickcast_handshakes_refused_total")).toEqual([
      'tickcast_handshakes_refused_total{status="403"} 2',
    ]);
    expect(metrics.names).toEqual(
      expect.arrayContaining([
        "nodejs_eventloop_lag_p99_seconds",
        "nodejs_gc_duration_seconds",
        "nodejs_heap_size_used_bytes",
      ]),
    );
  });

  test("two servers of one process count apart, and who was released hears nothing", async () => {
    const [one, other] = [measured(), measured()];
    one.bus.emit("roomCreated", { room });
    expect(await other.lines("tickcast_rooms")).toEqual([]);
    one.metrics.release();
    expect(one.bus.hears("tickDone") || one.bus.hears("roomCreated")).toBe(false);
  });
});
