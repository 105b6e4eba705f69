import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { BotDefinition } from "../../bots/define-bot.ts";
import type { ClientRoom } from "../../client/client-room.ts";
import { Bus, type ServerEvents } from "../../server/bus.ts";
import { defaultLimits } from "../../server/limits.ts";
import type { RecordOptions } from "../../server/recording/record-options.ts";
import { Recordings } from "../../server/recording/recordings.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import { openRecording, type RecordingFile } from "../../shared/platform/open-recording.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { Recording } from "../../shared/recording/recording.ts";
import { TestServer } from "../kit/test-server.ts";

export interface RecordingServer {
  readonly server: TestServer;
  readonly recordings: Recordings;
  readonly folder: string;
  readonly ended: Parameters<ServerEvents["recordingEnded"]>[0][];
  /** A player of the game who plays as its bots do. */
  join(bot: BotDefinition, path: string, index: number): Promise<ClientRoom>;
  /** Ends everything; the files of the recordings, in order of their names. */
  files(): Promise<string[]>;
}

/** A server in memory whose rooms are recorded to files, until the test is over. */
export async function recordingServer(
  rooms: readonly RoomDefinition[],
  options: Partial<RecordOptions> | "nothing by itself" = {},
): Promise<RecordingServer> {
  const folder = await mkdtemp(join(tmpdir(), "tickcast-recording-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bus = new Bus();
  const ended: Parameters<ServerEvents["recordingEnded"]>[0][] = [];
  bus.on("recordingEnded", (event) => ended.push(event));
  const recordings = new Recordings({
    bus,
    limits: defaultLimits,
    timeOfDay: () => Date.UTC(2026, 0, 1),
    writer: "test",
    ...(options !== "nothing by itself" && { options: { folder, ...options } }),
  });
  const server = await TestServer.start({ rooms, bus, watchNewRoom: recordings.watchNewRoom, seed: 5 });
  return {
    server,
    recordings,
    folder,
    ended,
    async join({ game, behaviour }, path, index) {
      const chance = { index, random: seededRandom(index * 7_919 + 1) };
      const self = { ...chance, memory: behaviour.memory?.(chance) };
      const { room } = await server.connect(game, path, behaviour.join(chance) as never);
      room.onTick(() => behaviour.tick?.(room as never, self as never));
      return room as unknown as ClientRoom;
    },
    async files() {
      await server.stop();
      await recordings.stop();
      return (await readdir(folder)).sort().map((name) => join(folder, name));
    },
  };
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
