import { expectState, type TestClient, type TestRoom, TestServer } from "tickcast/testing";
import { type EightsSpec, eights } from "./eights.ts";
import { eightsRoom } from "./room.ts";
import { moveOf, type Sight } from "./strategy.ts";
import type { Table } from "./table.ts";

export type Client = TestClient<EightsSpec>;

/** A table at which a test sits. */
export interface TestTable {
  readonly server: TestServer;
  readonly clients: readonly Client[];
  /** The server's side: what lies face down, too. */
  room(): TestRoom<EightsSpec, Table>;
  /** Lets a person move as the house would, when it is their turn. */
  move(client: Client): Promise<void>;
}

/** Some people sit down; with two or more, the first deal has begun. */
export async function sitDown(names: readonly string[], seed = 1): Promise<TestTable> {
  const server = await TestServer.start({ rooms: [eightsRoom], seed });
  const clients: Client[] = [];
  for (const name of names) clients.push(await server.connect(eights, "/eights", { name }));
  const [first] = clients;
  if (first !== undefined && clients.length > 1) {
    await first.request("deal", {});
    expectState(first, { match: { phase: "playing" } });
  }
  return {
    server,
    clients,
    room: () => server.room<EightsSpec, Table>(eights),
    async move(client) {
      const move = moveOf(sightOf(client));
      if (move.move === "play")
        await client.request("play", { card: move.card, ...(move.suit && { suit: move.suit }) });
      else await client.request(move.move, {});
      await client.ticks(1);
    },
  };
}

/** Whoever has the turn. */
export function onTurn({ clients }: TestTable): Client {
  const found = clients.find(({ room }) => room.state.match.turn?.player?.id === room.me?.id);
  if (found === undefined) throw new Error("it is nobody's turn");
  return found;
}

/** Somebody else. */
export function notOnTurn(table: TestTable): Client {
  const turn = onTurn(table);
  const found = table.clients.find((client) => client !== turn);
  if (found === undefined) throw new Error("everybody has the turn");
  return found;
}

function sightOf({ room }: Client): Sight {
  const { top = 0, suit, drew, stock, pile } = room.state.match;
  return { hand: room.me?.hand ?? [], top, suit, drew, canDraw: stock + pile > 1 };
}

export function handOf({ room }: Client): readonly number[] {
  return room.me?.hand ?? [];
}

/** The seat of a client, as the table sees it. */
export function seatOf({ room }: Client) {
  const seat = [...room.state.seats].find(({ player }) => player?.id === room.me?.id);
  if (seat === undefined) throw new Error(`${room.me?.name} has no seat`);
  return seat;
}
