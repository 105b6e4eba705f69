import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { BotDefinition } from "../../bots/define-bot.ts";
import type { ClientRoom } from "../../client/client-room.ts";
import { type ConnectArguments, connectWith } from "../../client/connect.ts";
import { Bus, type ServerEvents } from "../../server/bus.ts";
import { GameServer } from "../../server/game-server.ts";
import { defaultLimits } from "../../server/limits.ts";
import type { RecordOptions } from "../../server/recording/record-options.ts";
import { Recordings } from "../../server/recording/recordings.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import type { MemorySocket } from "../../server/transport/memory/memory-peer.ts";
import { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";
import type { Game, GameSpec } from "../../shared/definition/game.ts";
import { openRecording, type RecordingFile } from "../../shared/platform/open-recording.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { Recording } from "../../shared/recording/recording.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { openMemorySocket } from "../kit/memory-socket.ts";

/** How much time something may take, in milliseconds of the test's clock. */
const WITHIN_MS = 30_000;
const STEP_MS = 10;

export interface Recorded<G extends GameSpec> {
  readonly room: ClientRoom<G>;
  /** Of the newest connection. */
  readonly link: MemorySocket;
}

/** A server in memory whose rooms are recorded to files, on a clock that the test moves. */
export class RecordingServer {
  readonly server: GameServer;
  readonly recordings: Recordings;
  readonly folder: string;
  readonly ended: Parameters<ServerEvents["recordingEnded"]>[0][] = [];
  readonly #clock = new ManualClock();
  readonly #transport = new MemoryTransport({ clock: this.#clock });
  readonly #random = seededRandom(5);

  constructor(rooms: readonly RoomDefinition[], folder: string, options: RecordOptions | undefined) {
    this.folder = folder;
    const bus = new Bus();
    bus.on("recordingEnded", (event) => this.ended.push(event));
    this.recordings = new Recordings({
      bus,
      limits: defaultLimits,
      timeOfDay: () => Date.UTC(2026, 0, 1),
      writer: "test",
      ...(options && { options }),
    });
    let nextRoom = 1;
    let nextSecret = 1;
    this.server = new GameServer({
      rooms,
      bus,
      transport: this.#transport,
      clock: this.#clock,
      clockId: "test",
      scheduler: { spinBelowRooms: 0 },
      roomId: () => `room${nextRoom++}`,
      secret: () => `secret${nextSecret++}`,
      seed: () => Math.floor(this.#random() * 2 ** 32),
      watchNewRoom: this.recordings.watchNewRoom,
    });
  }

  async connect<G extends GameSpec>(
    game: Game<G>,
    path: string,
    ...rest: ConnectArguments<G>
  ): Promise<Recorded<G>> {
    let link: MemorySocket | undefined;
    const { connect } = connectWith({
      openSocket: openMemorySocket(this.#transport, (control) => {
        link = control;
      }),
      clock: this.#clock,
      clockId: "test",
      random: this.#random,
      page: "ws://memory/",
    });
    const room = await this.#while(connect(game, path, ...rest));
    return {
      room,
      get link() {
        if (link === undefined) throw new Error("a room without a connection");
        return link;
      },
    };
  }

  /** A player of the game who plays as its bots do. */
  async join({ game, behaviour }: BotDefinition, path: string, index: number): Promise<ClientRoom> {
    const chance = { index, random: seededRandom(index * 7_919 + 1) };
    const self = { ...chance, memory: behaviour.memory?.(chance) };
    const { room } = await this.connect(game, path, behaviour.join(chance) as never);
    room.onTick(() => behaviour.tick?.(room as never, self as never));
    return room as unknown as ClientRoom;
  }

  /** Time passes until a client has closed so many more ticks. */
  async ticks(room: Pick<ClientRoom, "tick">, count: number): Promise<void> {
    const last = room.tick + count;
    for (let passed = 0; room.tick < last; passed += STEP_MS) {
      if (passed > WITHIN_MS * count) throw new Error(`tick ${last} does not come`);
      await this.#clock.run(STEP_MS);
    }
  }

  /** Stops the server and every recording. */
  async stop(): Promise<void> {
    await this.#while(this.server.stop());
    await this.recordings.stop();
  }

  /** Stops everything; the files of the recordings, in order of their names. */
  async files(): Promise<string[]> {
    await this.stop();
    return (await readdir(this.folder)).sort().map((name) => join(this.folder, name));
  }

  async #while<Result>(happening: Promise<Result>): Promise<Result> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    happening.then(over, over);
    for (let passed = 0; !isOver && passed < WITHIN_MS; passed += STEP_MS) await this.#clock.run(STEP_MS);
    return happening;
  }
}

/** Its files are gone when the test is over. */
export async function recordingServer(
  rooms: readonly RoomDefinition[],
  options: Partial<RecordOptions> | "nothing by itself" = {},
): Promise<RecordingServer> {
  const folder = await mkdtemp(join(tmpdir(), "tickcast-recording-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const recorded = options === "nothing by itself" ? undefined : { folder, ...options };
  const recording = new RecordingServer(rooms, folder, recorded);
  await recording.server.listen({ host: "memory", port: 0 });
  return recording;
}

/** Opens a recording until the test is over. */
export async function opened(
  path: string,
): Promise<{ readonly file: RecordingFile; readonly recording: Recording }> {
  const file = await openRecording(path);
  onTestFinished(() => file.close());
  // Read now, so that no test's clock outruns the disk. What is damaged shows where it is asked for.
  const blocks = file.blocks.map((_, block) => file.read(block));
  await Promise.allSettled(blocks);
  return { file, recording: new Recording({ ...file, read: (block) => blocks[block] ?? file.read(block) }) };
}
