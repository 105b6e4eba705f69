import { expectState, TestServer } from "tickcast/testing";
import { describe, expect, test } from "vitest";
import { goesOn, isEight } from "./cards.ts";
import { eights, GRACE_SECONDS, TURN_SECONDS, ticks } from "./eights.ts";
import { eightsRoom } from "./room.ts";
import { handOf, notOnTurn, onTurn, seatOf, sitDown, type TestTable } from "./table.fixture.ts";

/** Whatever is there is played, until it is somebody's turn again who plays for themselves, or the deal is over. */
async function toTheEnd(table: TestTable): Promise<void> {
  const { match } = table.room().state;
  while (match.phase === "playing") {
    if (match.turn?.playedBy === "house") await table.room().ticks(1);
    else await table.move(onTurn(table));
  }
  await table.room().ticks(1);
}

describe("[CAR-6] a move that cannot be made", () => {
  test("is refused by the name of what is wrong, and changes nothing", async () => {
    const table = await sitDown(["Ada", "Grace"]);
    const [turn, other] = [onTurn(table), notOnTurn(table)];
    const before = [handOf(turn), handOf(other)].map((hand) => [...hand]);
    const { top = 0, suit } = turn.state.match;
    const [card = 0] = handOf(other);
    expect(await other.request("play", { card, suit: "clubs" })).toEqual({
      ok: false,
      error: "not-your-turn",
    });
    expect(await other.request("draw", {})).toEqual({ ok: false, error: "not-your-turn" });
    expect(await other.request("pass", {})).toEqual({ ok: false, error: "not-your-turn" });
    expect(await turn.request("play", { card, suit: "clubs" })).toEqual({ ok: false, error: "not-in-hand" });
    expect(await turn.request("pass", {})).toEqual({ ok: false, error: "draw-first" });
    expect(await turn.request("play", { card: 52 })).toEqual({ ok: false, error: "invalid" });
    const unfit = handOf(turn).find((each) => !goesOn(each, top, suit));
    if (unfit === undefined) throw new Error("another seed, please: everything goes");
    expect(await turn.request("play", { card: unfit })).toEqual({ ok: false, error: "does-not-match" });
    expect([handOf(turn), handOf(other)]).toEqual(before);
    expectState(turn, { match: { turn: { id: seatOf(turn).id }, drew: false, top, suit } });
    await table.server.stop();
  });

  test("is none where nothing is played, or one only watches", async () => {
    const table = await sitDown(["Ada"]);
    const [ada] = table.clients;
    expect(await ada?.request("draw", {})).toEqual({ ok: false, error: "not-playing" });
    expect(await ada?.request("deal", {})).toEqual({ ok: false, error: "too-few" });
    const watcher = await table.server.connect(eights, "/eights", { name: "Eve", watch: true });
    expect(await watcher.request("deal", {})).toEqual({ ok: false, error: "not-seated" });
    expect(await watcher.request("addHouse", {})).toEqual({ ok: false, error: "not-seated" });
    await table.server.stop();
  });
});

test("[CAR-2] a card that is played lies on the pile, everybody hears of it, and the next one has the turn", async () => {
  const table = await sitDown(["Ada", "Grace"]);
  const [turn, other] = [onTurn(table), notOnTurn(table)];
  const heard: unknown[] = [];
  other.room.on("played", ({ seat, card, suit }) => heard.push([seat?.name, card, suit]));
  const { top = 0, suit } = turn.state.match;
  const card = handOf(turn).find((each) => goesOn(each, top, suit) && !isEight(each));
  if (card === undefined) throw new Error("another seed, please: nothing goes");
  expect(await turn.request("play", { card })).toEqual({ ok: true, value: { left: 6 } });
  await turn.ticks(1);
  expect(handOf(turn)).not.toContain(card);
  expectState(other, { match: { top: card, turn: { id: seatOf(other).id } } });
  expect(seatOf(turn).cards).toBe(6);
  expect(heard).toEqual([[turn.room.me?.name, card, other.state.match.suit]]);
  await table.server.stop();
});

describe("[CAR-8] a turn has its time", () => {
  test("at its end the house moves; after the second it plays on, until its player does something", async () => {
    const table = await sitDown(["Ada", "Grace"]);
    const sleeper = onTurn(table);
    const other = notOnTurn(table);
    const { until } = sleeper.state.match;
    expect(until - sleeper.room.tick).toBeLessThanOrEqual(ticks(TURN_SECONDS));
    await table.room().ticks(until - table.room().tick - 1);
    expectState(table.room(), { match: { turn: { id: seatOf(sleeper).id } } });
    const toTurnOf = (name: string | undefined) =>
      table.server.until(() => table.room().state.match.turn?.name === name);
    await toTurnOf(other.room.me?.name);
    expect(seatOf(sleeper).playedBy).toBe("self");

    await other.ticks(1);
    await table.move(other);
    if (onTurn(table) === other) await table.move(other);
    await table.room().ticks(ticks(TURN_SECONDS) + 1);
    expect(seatOf(sleeper).playedBy).toBe("house");
    await sleeper.request("draw", {});
    await sleeper.ticks(1);
    expect(seatOf(sleeper).playedBy).toBe("self");
    await table.server.stop();
  });
});

describe("[CAR-9] the house takes the seat of one who is away", () => {
  test("plays with their cards, and hands it back with what it left of them", async () => {
    const table = await sitDown(["Ada", "Grace"]);
    const [away, other] = [onTurn(table), notOnTurn(table)];
    const notices: string[] = [];
    other.room.on("notice", ({ kind, name }) => notices.push(`${name} ${kind}`));
    const before = [...handOf(away)];
    const seat = seatOf(away).id;
    away.network.goOffline();
    await other.ticks(2);
    expectState(other, { seats: { [seat]: { playedBy: "house", cards: before.length } } });
    await table.server.until(() => other.state.match.turn?.id === seatOf(other).id);
    const made = other.state.seats.get(seat)?.cards ?? 0;
    expect(made).not.toBe(before.length);

    away.network.goOnline();
    await away.returned();
    await away.ticks(2);
    expectState(other, { seats: { [seat]: { playedBy: "self", player: { id: away.room.me?.id ?? 0 } } } });
    expect(handOf(away)).toHaveLength(made);
    const { deal, dealtIn } = table.room().data;
    expect(handOf(away)).toEqual(deal?.hands[dealtIn.findIndex(({ id }) => id === seat)]);
    expect(notices).toEqual([`${away.room.me?.name} away`, `${away.room.me?.name} back`]);
    await table.server.stop();
  });

  test("who is back in their own turn has all of its time", async () => {
    const table = await sitDown(["Ada", "Grace"]);
    const away = onTurn(table);
    away.network.cut();
    await away.returned();
    await away.ticks(2);
    expectState(away, { match: { turn: { id: seatOf(away).id } } });
    expect(away.state.match.until - away.room.tick).toBeGreaterThan(ticks(TURN_SECONDS) - 5);
    await table.server.stop();
  });

  test("[CAR-10] a page that is loaded anew has the hand as it was", async () => {
    const table = await sitDown(["Ada", "Grace"]);
    const page = onTurn(table);
    const hand = [...handOf(page)];
    const { token } = page.room;
    const path = `/eights/${page.room.id}`;
    page.network.goOffline();
    const fresh = await table.server.connect(eights, path, { name: "x" }, { ...(token && { token }) });
    await fresh.ticks(1);
    expect(fresh.room.me).toMatchObject({ id: page.room.me?.id, name: page.room.me?.name, hand });
    expectState(fresh, { match: { turn: { player: { id: page.room.me?.id ?? 0 } } } });
    await table.server.stop();
  });
});

describe("[CAR-11] who comes and goes amid a deal", () => {
  test("the cards of one who leaves are played to the end; then the seat is free for who waited", async () => {
    const table = await sitDown(["Ada", "Grace", "Linus"]);
    const [ada, grace, linus] = table.clients;
    if (ada === undefined || grace === undefined || linus === undefined) throw new Error("three sit here");
    const eve = await table.server.connect(eights, "/eights", { name: "Eve" });
    expect(eve.room.me).toMatchObject({ waits: true, hand: [] });
    await linus.leave();
    expectState(ada, {
      seats: [{ name: "Ada" }, { name: "Grace" }, { name: "Linus", playedBy: "house", player: undefined }],
    });
    await toTheEnd({ ...table, clients: [ada, grace] });
    expectState(ada, { match: { phase: "deal-over" } });
    expect(await ada.request("deal", {})).toMatchObject({ ok: true });
    await ada.ticks(1);
    expectState(ada, { seats: [{ name: "Ada" }, { name: "Grace" }, { name: "Eve", cards: 5 }] });
    expect(handOf(eve)).toHaveLength(5);
    await table.server.stop();
  });

  test("one who does not come back in time has left; when nobody is left, nothing is", async () => {
    const table = await sitDown(["Ada", "Grace"]);
    for (const { network } of table.clients) network.goOffline();
    const room = table.room();
    await room.ticks(ticks(GRACE_SECONDS + 5));
    expectState(room, { players: [] });
    await table.server.run(15_000);
    expect(table.server.rooms).toEqual([]);
    expect(room.closedBy).toBe("room-closed");
    await table.server.stop();
  });

  test("where only the house would be left the deal is broken off, and the next to come begin anew", async () => {
    const table = await sitDown(["Ada", "Grace"]);
    const watcher = await table.server.connect(eights, "/eights", { name: "Eve", watch: true });
    for (const client of table.clients) await client.leave();
    await watcher.ticks(1);
    expectState(watcher, { match: { phase: "waiting", turn: undefined, top: undefined }, seats: [] });
    expect(await watcher.request("sit", {})).toEqual({ ok: true, value: { seated: "now" } });
    await table.server.stop();
  });

  test("who stands up watches, and may sit down again", async () => {
    const table = await sitDown(["Ada"]);
    const [ada] = table.clients;
    if (ada === undefined) throw new Error("one sits here");
    expect(await ada.request("sit", {})).toEqual({ ok: false, error: "seated-already" });
    expect(await ada.request("stand", {})).toMatchObject({ ok: true });
    await ada.ticks(1);
    expectState(ada, { seats: [] });
    expect(await ada.request("sit", {})).toEqual({ ok: true, value: { seated: "now" } });
    await table.server.stop();
  });
});

describe("[CAR-12] a table is found by its address alone", () => {
  test("where people have all places, for those who watch; the next to come get another", async () => {
    const table = await sitDown(["Ada", "Grace", "Linus", "Margaret"]);
    const room = table.room();
    expect(room.visibility).toBe("private");
    const watcher = await table.server.connect(eights, `/eights/${room.id}`, { name: "Eve", watch: true });
    expect(await watcher.request("sit", {})).toEqual({ ok: false, error: "table-full" });
    const elsewhere = await table.server.connect(eights, "/eights", { name: "Edsger" });
    expect(elsewhere.room.id).not.toBe(room.id);
    await table.clients[0]?.leave();
    await room.ticks(1);
    expect(room.visibility).toBe("public");
    await table.server.stop();
  });

  test("while all who play are away, so that nobody waits for them", async () => {
    const table = await sitDown(["Ada", "Grace"]);
    const room = table.room();
    for (const { network } of table.clients) network.goOffline();
    await room.ticks(2);
    expect(room.visibility).toBe("private");
    const elsewhere = await table.server.connect(eights, "/eights", { name: "Edsger" });
    expect(elsewhere.room.id).not.toBe(room.id);
    table.clients[0]?.network.goOnline();
    await table.clients[0]?.returned();
    await room.ticks(2);
    expect(room.visibility).toBe("public");
    await table.server.stop();
  });
});

describe("[CAR-13] a match", () => {
  test("begins by itself with two, goes on from deal to deal, and ends with a hundred points", async () => {
    const server = await TestServer.start({ rooms: [eightsRoom], seed: 4 });
    const ada = await server.connect(eights, "/eights", { name: "Ada" });
    expectState(ada, { match: { phase: "waiting", until: 0 } });
    expect(await ada.request("addHouse", {})).toMatchObject({ ok: true });
    await ada.ticks(1);
    expect(ada.state.match.until).toBeGreaterThan(ada.room.tick);
    await server.until(() => ada.state.match.phase === "playing");
    // Ada sleeps, so the house plays for her, too.
    const table = server.room(eights);
    let deals = 0;
    while (table.state.match.phase !== "match-over") {
      await server.until(() => table.state.match.phase !== "playing", 600_000);
      deals += 1;
      const { winner, points } = table.state.match;
      expect(winner?.score).toBeGreaterThanOrEqual(points);
      expect([...table.state.seats].some(({ shown }) => shown.length > 0)).toBe(true);
      if (table.state.match.phase === "deal-over")
        await server.until(() => table.state.match.phase === "playing");
    }
    expect(deals).toBeGreaterThan(1);
    expect(Math.max(...[...table.state.seats].map(({ score }) => score))).toBeGreaterThanOrEqual(100);
    await server.until(() => table.state.match.phase === "playing");
    expectState(table, {
      seats: [
        { score: 0, shown: [] },
        { score: 0, shown: [] },
      ],
    });
    await server.stop();
  });

  test("of one alone waits; the countdown ends with the second who leaves", async () => {
    const server = await TestServer.start({ rooms: [eightsRoom] });
    const ada = await server.connect(eights, "/eights", { name: "Ada" });
    const grace = await server.connect(eights, "/eights", { name: "Grace" });
    await ada.ticks(1);
    expect(ada.state.match.until).toBeGreaterThan(ada.room.tick);
    await grace.leave();
    await ada.ticks(60);
    expectState(ada, { match: { phase: "waiting", until: 0 }, seats: [{ name: "Ada" }] });
    await server.stop();
  });
});
