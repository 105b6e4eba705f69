import { RecordedPlay } from "./recorded-play.ts";
import { openSpecimenRoom, specimenRoom } from "./specimen.ts";
import type { Scenario } from "./vector-format.ts";

/** What really crossed the wire between the server and the SDK, by what each is to show. */
export const recordings: readonly (() => Promise<Scenario>)[] = [
  joining,
  values,
  cells,
  groups,
  calls,
  inputs,
  pause,
  slip,
  comingBack,
  afterTheHorizon,
  leaving,
];

async function joining(): Promise<Scenario> {
  const play = await RecordedPlay.begin(openSpecimenRoom);
  await play.join();
  await play.tick();
  await play.tick((room) => {
    room.state.weather.wind = 7;
  });
  const guest = await play.guest("Bob");
  await play.tick((room) => {
    const row = room.players.get(guest)?.row;
    if (row !== undefined) Object.assign(row, { x: 12.25, y: -3, energy: 9 });
  });
  await play.tick((room) => void room.players.get(guest)?.close("kicked"));
  await play.tick();
  return play.end(
    "joining",
    "A hello without a definition, the definition, a second hello, the first ticks.",
  );
}

async function values(): Promise<Scenario> {
  const play = await RecordedPlay.begin(openSpecimenRoom);
  await play.join();
  await play.tick((room) => {
    const [ada] = room.players;
    room.state.things.add();
    room.state.things.add({
      small: 255,
      medium: 65_535,
      large: 4_294_967_295,
      low: -32_768,
      lower: -2_147_483_648,
      at: 2 ** 40,
      on: true,
      share: 0.3,
      turn: 3,
      label: "Grüße",
      raw: Uint8Array.of(0, 127, 255),
      kind: "third",
      owner: ada?.row,
      maybe: 0,
      maybeText: "",
      numbers: [1, 300, 65_535],
      pairs: [[], [1], [2, 3]],
      people: [ada?.row, undefined] as never,
      level: [1, 2, 3],
      note: "kept as it is",
    });
  });
  await play.tick((room) => {
    const first = room.state.things.get(1);
    if (first !== undefined)
      Object.assign(first, {
        low: -1,
        share: 1,
        maybe: 200,
        raw: Uint8Array.of(1),
        pairs: [[9]],
        kind: "second",
      });
  });
  await play.tick((room) => {
    const [ada] = room.players;
    for (const thing of room.state.things) {
      thing.maybe = undefined;
      thing.owner = ada?.row;
      thing.people = [];
      thing.level = [...thing.level, 4];
    }
  });
  const guest = await play.guest("Bob");
  await play.tick((room) => {
    for (const thing of room.state.things) thing.owner = room.players.get(guest)?.row;
  });
  // The row that they refer to goes: their field is 0 from then on.
  await play.tick((room) => void room.players.get(guest)?.close("kicked"));
  await play.tick();
  await play.tick((room) => {
    for (const thing of room.state.things) room.state.things.remove(thing);
  });
  return play.end("values", "Fields of every type: as they come, as they change, as they go.");
}

async function cells(): Promise<Scenario> {
  const play = await RecordedPlay.begin(specimenRoom);
  await play.join();
  const guest = await play.guest("Bob");
  await play.tick((room) => {
    room.state.stones.add({ x: 5, y: 5, n: 1 });
    room.state.stones.add({ x: -5, y: 5, n: 2 });
    room.state.stones.add({ x: 90, y: 90, n: 3 });
  });
  const moves: readonly (readonly [x: number, y: number])[] = [
    [30, 5],
    [60, 5],
    [90, 5],
    [30, 30],
    [10, 10],
  ];
  for (const [x, y] of moves)
    await play.tick((room) => {
      const row = room.players.get(guest)?.row;
      if (row !== undefined) Object.assign(row, { x, y });
    });
  // Another cell in sight; then out of sight; then gone, out of sight.
  for (const [x, y] of [
    [15, 5],
    [-25, 5],
    [-95, 5],
  ] as const)
    await play.tick((room) => {
      const stone = room.state.stones.get(1);
      if (stone !== undefined) Object.assign(stone, { x, y });
    });
  await play.tick((room) => {
    const stone = room.state.stones.get(1);
    if (stone !== undefined) room.state.stones.remove(stone);
  });
  await play.tick((room) => {
    const stone = room.state.stones.get(2);
    if (stone === undefined) return;
    room.near(stone.x, stone.y).broadcast("gone", { what: stone, left: 3 });
    room.state.stones.remove(stone);
  });
  // The player looks elsewhere, at everything, and at nothing.
  for (const focus of [{ x: 90, y: 90 }, "everything", [], "own-row"] as const)
    await play.tick((room) => {
      for (const player of room.players) if (player.id !== guest) player.lookAt(focus as never);
    });
  await play.tick();
  return play.end(
    "cells",
    "Rows that come into sight, leave it for another cell and for good; cells that are followed and released.",
  );
}

async function groups(): Promise<Scenario> {
  const play = await RecordedPlay.begin(specimenRoom);
  await play.join();
  const guest = await play.guest("Bob");
  await play.tick((room) => {
    room.state.chests.add({ of: "red", gold: 10 });
    room.state.chests.add({ of: "blue", gold: 20 });
    room.state.chests.add({ gold: 30 });
    for (const player of room.players)
      Object.assign(player.row, { team: "red", plan: `plan of ${player.id}`, leader: player.row });
  });
  const own = (
    change: (player: { groups: { add(name: string): unknown; delete(name: string): unknown } }) => void,
  ) =>
    play.tick((room) => {
      for (const player of room.players) if (player.id !== guest) change(player as never);
    });
  await own(({ groups }) => void groups.add("red"));
  await play.tick((room) => room.group("red").broadcast("whispered", { text: "to the red ones" }));
  await play.tick((room) => {
    const [first, second] = [room.state.chests.get(1), room.state.chests.get(2)];
    // From one group to another, and to none.
    if (first !== undefined) first.of = "blue";
    if (second !== undefined) second.of = undefined;
    const row = room.players.get(guest)?.row;
    if (row !== undefined) row.plan = "another plan";
  });
  await own(({ groups }) => void groups.add("blue"));
  await play.tick((room) => {
    const row = room.players.get(guest)?.row;
    // Seen by the room still, but in no followed group: what the group told is unknown now.
    if (row !== undefined) row.team = undefined;
  });
  await play.tick((room) => {
    const chest = room.state.chests.get(1);
    if (chest !== undefined) chest.of = "red";
  });
  await play.tick((room) => {
    const chest = room.state.chests.get(1);
    if (chest !== undefined) room.state.chests.remove(chest);
  });
  await own(({ groups }) => {
    groups.delete("red");
    groups.delete("blue");
  });
  await play.tick();
  return play.end(
    "groups",
    "Groups: their keyframes, rows that go over to another or to none, fields that are lost.",
  );
}

async function calls(): Promise<Scenario> {
  const play = await RecordedPlay.begin(openSpecimenRoom);
  await play.join();
  const { client } = play;
  client.send("say" as never, { text: "hello" } as never);
  const add = (input: unknown) => void client.request("add" as never, input as never);
  add({ a: 1, b: 2.5 });
  await play.tick();
  add({ a: 1_000, b: 1 });
  add({ a: "one" });
  add({ a: -2, b: 1 });
  await play.tick((room) => {
    const [ada] = room.players;
    ada?.send("whispered", { text: "first" });
    room.broadcast("cracked", { x: 1.5, parts: [1, 2] });
    ada?.send("whispered", { text: "third" });
  });
  for (let tick = 0; tick < 20; tick++) await play.tick();
  return play.end(
    "calls",
    "Messages, requests and their four outcomes; events of two streams, in order; pongs.",
  );
}

async function inputs(): Promise<Scenario> {
  const play = await RecordedPlay.begin(openSpecimenRoom);
  await play.join();
  const input = (values: object) => play.client.input(values as never);
  input({ walk: 0, aim: Math.PI / 2, fire: true, pace: 0.7 });
  for (let tick = 0; tick < 4; tick++) await play.tick();
  input({ jump: true });
  await play.tick();
  await play.tick();
  // What the server sends is held up: ticks close late here, and inputs come after theirs.
  play.link?.pauseReading();
  for (let tick = 0; tick < 6; tick++) await play.tick();
  input({ walk: Math.PI, jump: true });
  play.link?.resumeReading();
  for (let tick = 0; tick < 4; tick++) await play.tick();
  input({ walk: undefined, aim: 0, fire: false, pace: 0 });
  for (let tick = 0; tick < 4; tick++) await play.tick();
  return play.end("inputs", "Inputs as they change, repeat and rest; a press; inputs that came too late.");
}

async function pause(): Promise<Scenario> {
  const play = await RecordedPlay.begin(specimenRoom);
  await play.join();
  await play.tick((room) => void room.state.stones.add({ x: 5, y: 5, n: 1 }));
  play.link?.pauseReading();
  for (let tick = 0; tick < 40; tick++)
    await play.tick((room) => {
      room.state.weather.wind = tick;
      if (tick === 30) room.state.stones.add({ x: -5, y: -5, n: 2 });
      if (tick === 33) room.broadcast("whispered", { text: "while it stalled" });
      const [ada] = room.players;
      if (tick === 35)
        ada?.lookAt([
          { x: 5, y: 5 },
          { x: 90, y: 90 },
        ]);
    });
  play.link?.resumeReading();
  for (let tick = 0; tick < 3; tick++) await play.tick();
  return play.end("pause", "A client that stalls is paused, answers ready, and gets what it missed.");
}

async function slip(): Promise<Scenario> {
  const play = await RecordedPlay.begin(openSpecimenRoom);
  await play.join();
  await play.tick();
  // The author's code takes two seconds: more than a room catches up with.
  await play.tick((room) => {
    room.state.weather.wind = 1;
    play.hosted.clock.block(2_000);
  });
  for (let tick = 0; tick < 6; tick++)
    await play.tick((room) => {
      room.state.weather.wind += 1;
    });
  return play.end("slip", "A room that was held up catches up, publishes the last tick alone, and slips.");
}

async function comingBack(): Promise<Scenario> {
  const play = await RecordedPlay.begin(specimenRoom);
  await play.join();
  const guest = await play.guest("Bob");
  await play.tick((room) => {
    room.state.stones.add({ x: 5, y: 5, n: 1 });
    room.state.stones.add({ x: -5, y: 5, n: 2 });
    room.state.things.add({ label: "before" });
  });
  play.link?.cut();
  play.client.send("say" as never, { text: "not lost" } as never);
  await play.tick((room) => {
    const [first, second] = [room.state.stones.get(1), room.state.stones.get(2)];
    if (first !== undefined) room.state.stones.remove(first);
    if (second !== undefined) second.n = 9;
    for (const thing of room.state.things) thing.label = "after";
    room.broadcast("whispered", { text: "while away" });
    for (const player of room.players)
      if (player.id !== guest)
        player.lookAt([
          { x: 5, y: 5 },
          { x: 90, y: 90 },
        ]);
  });
  for (let tick = 0; tick < 12; tick++) await play.tick();
  return play.end(
    "coming-back",
    "A lost connection, a hello with token and tick, and the resync from that tick.",
  );
}

async function afterTheHorizon(): Promise<Scenario> {
  const play = await RecordedPlay.begin(specimenRoom, { horizonMs: 1_000 });
  await play.join();
  await play.tick((room) => {
    room.state.stones.add({ x: 5, y: 5, n: 1 });
    room.state.stones.add({ x: -5, y: 5, n: 2 });
  });
  play.reach = "out-of-reach";
  play.link?.cut();
  await play.tick((room) => {
    const first = room.state.stones.get(1);
    if (first !== undefined) room.state.stones.remove(first);
    room.broadcast("whispered", { text: "nobody remembers this" });
  });
  for (let tick = 0; tick < 30; tick++) await play.tick();
  play.reach = "in-reach";
  for (let tick = 0; tick < 110 && play.client.connection.state !== "joined"; tick++) await play.tick();
  await play.tick();
  return play.end(
    "after-the-horizon",
    "Back so late that keyframes replace everything, and what was said is lost.",
  );
}

async function leaving(): Promise<Scenario> {
  const play = await RecordedPlay.begin(openSpecimenRoom);
  await play.join();
  await play.tick();
  void play.client.leave();
  await play.tick();
  return play.end("leaving", "A goodbye, and the close that answers it.");
}
