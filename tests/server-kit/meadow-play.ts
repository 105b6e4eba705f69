import type { ClientRoom } from "../../client/client-room.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import { isGroup } from "../../server/room/following.ts";
import type { Focus } from "../../server/room/interest.ts";
import type { Player, Room } from "../../server/room/room.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import type { GroupName } from "../../shared/state/groups.ts";
import type { Cell, Point } from "../../shared/state/sight-grid.ts";
import { type TestClient, TestServer } from "../kit/index.ts";
import { coreOf } from "../kit/inside.ts";
import { MEADOW_CELL, meadow } from "./meadow.ts";
import { SightWitness } from "./sight-witness.ts";

type Meadow = typeof meadow.spec;
type MeadowRoom = Room<Meadow>;

/** Who is to hear of an event. */
type Audience = "all" | Point | { readonly player: number } | { readonly group: GroupName };

/** One who plays: the client, what is seen, what is heard. */
export interface Watcher {
  readonly client: TestClient<Meadow>;
  readonly room: ClientRoom<Meadow>;
  readonly witness: SightWitness;
  /** The numbers of the events of the tick that closed last. */
  heard: number[];
}

/** The level's cells of a point, by the plain rule: no border counts for what happens at a place. */
function isAt({ x, y }: Point, cell: Cell): boolean {
  const size = cell.level === 2 ? Number.POSITIVE_INFINITY : MEADOW_CELL * 4 ** cell.level;
  const place = (at: number) => (size === Number.POSITIVE_INFINITY ? 0 : Math.floor(at / size));
  return place(x) === cell.column && place(y) === cell.row;
}

/** A meadow on a server in memory, where a test is author and players at once. */
export class MeadowPlay {
  readonly server: TestServer;
  readonly watchers: Watcher[] = [];
  readonly faults: string[] = [];
  /** Those who left, too. */
  readonly #witnesses: SightWitness[] = [];
  readonly #first: TestClient<Meadow>;
  readonly #events: { readonly tick: number; readonly n: number; readonly to: Audience }[] = [];
  #nextEvent = 1;

  private constructor(server: TestServer, first: TestClient<Meadow>) {
    this.server = server;
    this.#first = first;
    this.#watch(first);
  }

  static async begin(room: RoomDefinition): Promise<MeadowPlay> {
    const server = await TestServer.start({ rooms: [room] });
    return new MeadowPlay(server, await server.connect(meadow, "/meadow"));
  }

  get core(): RoomCore {
    return coreOf(this.server, this.#first.room);
  }

  async join(): Promise<Watcher> {
    return this.#watch(await this.server.connect(meadow, `/meadow/${this.#first.room.id}`));
  }

  /** Does something as the author in the next tick, which `tick` lets pass. */
  do(change: (room: MeadowRoom) => void): void {
    this.core.runInTick(() => change(this.core.facade as unknown as MeadowRoom));
  }

  look(watcher: Watcher, focus: Focus): void {
    this.do((room) => playerOf(room, watcher)?.lookAt(focus));
  }

  /** Makes a member of the watcher. */
  addTo(group: GroupName, watcher: Watcher): void {
    this.do((room) => playerOf(room, watcher)?.groups.add(group));
  }

  removeFrom(group: GroupName, watcher: Watcher): void {
    this.do((room) => playerOf(room, watcher)?.groups.delete(group));
  }

  /** The author's code takes so long: ticks that follow are late, and not all of them are published. */
  dawdle(ms: number): void {
    this.do(() => this.server.clock.block(ms));
  }

  /** An event with the next number. */
  tell(to: Audience): void {
    this.do((room) => {
      const value = { n: this.#nextEvent++, from: undefined };
      this.#events.push({ tick: room.tick, n: value.n, to });
      if (to === "all") room.broadcast("rustle", value);
      else if ("player" in to) room.players.get(to.player)?.send("rustle", value);
      else if ("group" in to) room.group(to.group).broadcast("rustle", value);
      else room.near(to.x, to.y).broadcast("rustle", value);
    });
  }

  async tick(count = 1): Promise<void> {
    await this.#first.ticks(count);
  }

  async leave(watcher: Watcher, how: "leave" | "cut" = "leave"): Promise<void> {
    this.watchers.splice(this.watchers.indexOf(watcher), 1);
    if (how === "cut") watcher.client.network.cut();
    else void watcher.room.leave();
  }

  /** Everything that was wrong so far. */
  get wrong(): readonly unknown[] {
    return [...this.faults, ...this.#witnesses.flatMap(({ faults }) => faults), ...this.server.errors];
  }

  #watch(client: TestClient<Meadow>): Watcher {
    const { room } = client;
    const witness = new SightWitness(room as unknown as ClientRoom, this.core);
    const watcher: Watcher = { client, room, witness, heard: [] };
    let heard: number[] = [];
    let held = [...witness.held];
    room.on("rustle", ({ n }) => heard.push(n));
    room.onTick((tick) => {
      const before = held;
      held = [...witness.held];
      const either = [...before, ...held];
      const expected = this.#events
        .filter((event) => event.tick === tick && this.#hears(room, event.to, either))
        .map(({ n }) => n);
      if (heard.join() !== expected.join())
        this.faults.push(
          `tick ${tick}: player ${room.playerId} heard [${heard.join()}], not [${expected.join()}]`,
        );
      watcher.heard = heard;
      heard = [];
    });
    this.watchers.push(watcher);
    this.#witnesses.push(witness);
    return watcher;
  }

  #hears(room: ClientRoom<Meadow>, to: Audience, held: SightWitness["held"]): boolean {
    if (to === "all") return true;
    if ("player" in to) return to.player === room.playerId;
    if ("group" in to) return held.some((followed) => isGroup(followed) && followed.name === to.group);
    return this.core.sight === undefined || held.some((followed) => !isGroup(followed) && isAt(to, followed));
  }
}

export function playerOf(room: MeadowRoom, { room: { playerId } }: Watcher): Player<Meadow> | undefined {
  return room.players.get(playerId);
}
