import { expect } from "vitest";
import type { Release } from "../../../../shared/tick/clock.ts";
import type { Answer } from "../answer.ts";
import type { DirectoryChange } from "../change.ts";
import type { Directory } from "../directory.ts";
import type { DirectoryOptions } from "../directory-options.ts";
import type { NodeIncarnation, NodeLease, NodeLoad, NodeRegistration } from "../node-record.ts";
import type { NewRoom, RoomRecord, RoomSearch } from "../room-record.ts";

/** A directory under test, whose time the harness lets pass. */
export interface DirectoryHarness {
  /** One more node's handle. */
  connect(): Promise<Directory>;
  /** Takes a handle's line away: nothing is answered, or the connection is refused. */
  cut(directory: Directory, how: "silent" | "refused"): Promise<Release>;
  pass(ms: number): Promise<void>;
  /** Stops the directory and starts it without memory. */
  restartEmpty(): Promise<void>;
  close(): Promise<void>;
}

export type MakeHarness = (options: DirectoryOptions) => Promise<DirectoryHarness>;

/** Long enough that a busy machine does not lose a lease on the way, short enough to wait for. */
export const contractOptions: DirectoryOptions = {
  leaseMs: 2_500,
  holdMs: 600,
  claimMs: 600,
  recordMs: 60_000,
  deadlineMs: 1_000,
  pollMs: 20,
  changesKept: 1_000,
};

export const arena = { game: "arena", build: "b1" };

let serial = 0;
const nextId = (kind: string): string => `${kind}-${++serial}`;

/** What the tests of one contract share: made anew for each. */
export class DirectoryRun {
  readonly #make: MakeHarness;
  harness!: DirectoryHarness;
  one!: Directory;
  two!: Directory;

  constructor(make: MakeHarness) {
    this.#make = make;
  }

  async start(options: Partial<DirectoryOptions> = {}): Promise<void> {
    this.harness = await this.#make({ ...contractOptions, ...options });
    this.one = await this.harness.connect();
    this.two = await this.harness.connect();
  }

  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    for (let waited = 0; waited < 6_000; waited += 20) {
      if (await condition()) return;
      await this.harness.pass(20);
    }
    expect.fail(`did not come to pass: ${what}`);
  }

  async register(given: Partial<NodeRegistration> = {}, directory = this.one): Promise<NodeLease> {
    return answered(await directory.registerNode({ ...registration(), ...given }));
  }

  /** An open room of that node's. */
  async room(lease: NodeIncarnation, given: Partial<NewRoom> = {}): Promise<RoomRecord> {
    return answered(await this.one.createRoom(lease, { ...newRoom(), ...given }));
  }

  /** Hears changes, from their beginning on. */
  async watch(directory: Directory, only?: { readonly game: string }): Promise<DirectoryChange[]> {
    const heard: DirectoryChange[] = [];
    directory.watch((change) => heard.push(change), only);
    await this.until("the watch begins", () => heard.length > 0);
    return heard;
  }
}

export function registration(): NodeRegistration {
  const id = nextId("node");
  return { id, url: `wss://${id}.example.com`, games: [arena], maxRooms: 100, maxPlayers: 1_000 };
}

export function newRoom(): NewRoom {
  return { ...arena, id: nextId("room"), options: undefined, maxSeats: 4 };
}

export function search(given: Partial<RoomSearch> = {}): RoomSearch {
  const create = { id: nextId("room"), maxSeats: 4 };
  return { ...arena, options: undefined, hold: nextId("hold"), create, ...given };
}

export const load = (given: Partial<NodeLoad> = {}): NodeLoad => ({
  rooms: 0,
  players: 0,
  eventLoopUse: 0,
  tickLatenessMs: 0,
  ...given,
});

export const idleReport = { load: load(), pressure: 0 };

export function answered<Value>(answer: Answer<Value, string>): Value {
  if (!answer.ok) expect.fail(`no value but ${answer.code}: ${answer.message}`);
  return answer.value;
}

export function codeOf(answer: Answer<unknown, string>): string {
  return answer.ok ? `ok ${JSON.stringify(answer.value)}` : answer.code;
}

export const kinds = (changes: readonly DirectoryChange[]): string[] => changes.map(({ kind }) => kind);

export const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));
