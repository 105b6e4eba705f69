import type { Answer } from "../../server/cluster/directory/answer.ts";
import type { Directory } from "../../server/cluster/directory/directory.ts";
import type { NodeLease } from "../../server/cluster/directory/node-record.ts";
import { pressureOf } from "../../server/cluster/directory/pressure.ts";
import type { NewRoom, RoomRecord, RoomSearch } from "../../server/cluster/directory/room-record.ts";
import type { Random } from "../../shared/random/seeded-random.ts";

/** A question that is asked again and again. Throws where the answer is not what it is to be. */
export interface DirectoryQuestion {
  readonly name: string;
  readonly says: string;
  readonly ask: () => Promise<void>;
}

export const NODES = 20;
const MODES = 50;
const MAPS = 100;
const SEATS = 16;
const served = { game: "arena", build: "b1" };

const capacity = { maxRooms: 1_000_000, maxPlayers: 10_000_000 };

export async function registerNodes(directory: Directory): Promise<NodeLease[]> {
  const leases: NodeLease[] = [];
  for (let node = 0; node < NODES; node++) {
    const id = `node-${node}`;
    const registration = { id, url: `wss://${id}.example.com`, games: [served], ...capacity };
    leases.push(answered(await directory.registerNode(registration)));
  }
  return leases;
}

/** The room of that number: one of 50 kinds, on one of 100 maps, with some of its 16 seats taken; one in ten is full. */
export function roomNumber(number: number, random: Random): NewRoom {
  return {
    ...served,
    id: `r${String(number).padStart(10, "0")}`,
    options: { mode: `mode-${Math.floor(random() * MODES)}`, ranked: random() < 0.5 },
    metadata: { map: `map-${Math.floor(random() * MAPS)}`, title: `A room of ${number}` },
    maxSeats: SEATS,
    seats: random() < 0.1 ? SEATS : Math.floor(random() * SEATS),
  };
}

/** The questions, in the order in which they are asked; those at the end change what is there. */
export function directoryQuestions(
  directory: Directory,
  leases: readonly NodeLease[],
  rooms: readonly RoomRecord[],
  random: Random,
): DirectoryQuestion[] {
  let serial = 0;
  const any = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const search = (options: RoomSearch["options"]): RoomSearch => {
    serial += 1;
    return { ...served, options, hold: `h${serial}`, create: { id: `n${serial}`, maxSeats: SEATS } };
  };
  return [
    {
      name: "find",
      says: "findOrCreate of a kind that has rooms with seats",
      ask: async () => {
        const { outcome } = answered(await directory.findOrCreate(search(any(rooms).options)));
        if (outcome !== "found") throw new Error("a room was made although there are some with seats");
      },
    },
    {
      name: "create",
      says: "findOrCreate of a kind that has none: a claim on the least busy of 20 nodes",
      ask: async () => {
        const { outcome } = answered(await directory.findOrCreate(search({ mode: `new-${serial}` })));
        if (outcome !== "create") throw new Error("a room was found where there was none");
      },
    },
    {
      name: "room",
      says: "one room by its id, with its owner's address",
      ask: async () => {
        const { id } = any(rooms);
        if (answered(await directory.room(id)).room.id !== id) throw new Error("another room was answered");
      },
    },
    {
      name: "list",
      says: "50 rooms by game and options",
      ask: async () => {
        const { game, options } = any(rooms);
        expectRooms(answered(await directory.rooms({ game, options })).rooms);
      },
    },
    {
      name: "list joinable",
      says: "50 rooms by game, options and metadata that somebody can join",
      ask: async () => {
        const { game, options, metadata } = any(rooms);
        const { map = "" } = metadata;
        expectSome(answered(await directory.rooms({ game, options, metadata: { map }, joinable: true })));
      },
    },
    {
      name: "update",
      says: "its owner tells of a room's seats",
      ask: async () => {
        const room = any(rooms);
        const seats = Math.floor(random() * SEATS);
        if (answered(await directory.updateRoom(room.owner, room, { seats })).seats !== seats)
          throw new Error("the seats are others");
      },
    },
    {
      name: "renew",
      says: "a node renews its lease, with its load",
      ask: async () => {
        const load = { rooms: 5_000, players: 40_000, eventLoopUse: random(), tickLatenessMs: 0.5 };
        answered(await directory.renewNode(any(leases), { load, pressure: pressureOf(load, capacity) }));
      },
    },
  ];
}

export function answered<Value>(answer: Answer<Value, string>): Value {
  if (!answer.ok) throw new Error(`${answer.code}: ${answer.message}`);
  return answer.value;
}

function expectRooms(rooms: readonly RoomRecord[]): void {
  if (rooms.length === 0) throw new Error("no room was listed");
}

/** Of few rooms all may be full: then the list is at its end. */
function expectSome(page: {
  readonly rooms: readonly RoomRecord[];
  readonly next: string | undefined;
}): void {
  if (page.rooms.some(({ seats, maxSeats }) => seats >= maxSeats)) throw new Error("a full room was listed");
}
