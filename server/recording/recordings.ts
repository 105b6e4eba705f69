import { join } from "node:path";
import { RECORDING_EXTENSION, type RecordingEnd } from "../../shared/recording/format.ts";
import type { Release } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import type { ServerLimits } from "../limits.ts";
import type { RoomCore } from "../room/room-core.ts";
import type { RoomOrigin } from "../room/room-tap.ts";
import { keptOf } from "./kept.ts";
import {
  defaultRecordBounds,
  type RecordBounds,
  type RecordOptions,
  validateRecordBounds,
} from "./record-options.ts";
import { Recorder } from "./recorder.ts";
import { RecordingWriter, type WriterFault } from "./recording-writer.ts";

/** One recording under way. */
export interface RoomRecording {
  readonly file: string;
  /** Ends it; the room goes on. Resolves when everything is on the disk. Safe to call twice. */
  stop(): Promise<void>;
}

export interface RecordingsParts {
  readonly bus: Bus;
  readonly limits: ServerLimits;
  /** The time of day, in milliseconds. */
  readonly timeOfDay: () => number;
  /** What says that it has written a file. */
  readonly writer: string;
  /** What of new rooms is recorded; absent: nothing unless {@link Recordings.record} asks. */
  readonly options?: RecordOptions;
}

interface Running extends RoomRecording {
  readonly room: RoomCore;
  readonly recorder: Recorder;
  readonly bounds: RecordBounds;
  end(reason: RecordingEnd, error?: unknown): Promise<void>;
}

/** Records rooms: a subscriber of the bus, which listens in on the rooms that it records, and on no other. */
export class Recordings {
  readonly #parts: RecordingsParts;
  readonly #bounds: RecordBounds;
  readonly #running = new Map<string, Running>();
  readonly #ending = new Set<Promise<void>>();
  readonly #releases: readonly Release[];

  /** @throws RangeError for bounds that make no sense */
  constructor(parts: RecordingsParts) {
    this.#parts = parts;
    const { maxBytes, maxSeconds } = { ...defaultRecordBounds, ...parts.options };
    this.#bounds = validateRecordBounds({ maxBytes, maxSeconds });
    this.#releases = [
      parts.bus.on("roomCreated", ({ room }) => this.#running.get(room.id)?.recorder.opening()),
      parts.bus.on("tickDone", ({ room, tick }) => this.#published(room.id, tick)),
      parts.bus.on("roomClosed", ({ room }) => void this.#running.get(room.id)?.end("room-closed")),
    ];
  }

  /** For {@link GameServerParts.watchNewRoom}. */
  readonly watchNewRoom = (origin: RoomOrigin): ((room: RoomCore) => void) | undefined => {
    const { options } = this.#parts;
    const { name } = origin.definition.game.spec;
    if (options === undefined || !(options.games?.includes(name) ?? true)) return undefined;
    // As they are now: the game may change them as soon as it has them.
    const kept = { options: keptOf(origin.options), loaded: keptOf(origin.loaded), seed: origin.seed };
    return (room) =>
      void this.#begin(room, { from: "room", ...kept }, this.#pathIn(options.folder, room), this.#bounds);
  };

  /**
   * Records a room from its next tick on: to be watched, and to drive bots, but not to be run again, since nobody
   * knows how it came to what it is.
   *
   * @throws Error where it is being recorded already
   */
  record(room: RoomCore, file: string, bounds: Partial<RecordBounds> = {}): RoomRecording {
    if (this.#running.has(room.name.id)) throw new Error(`room ${room.name.id} is being recorded already`);
    const origin = { from: "present", options: keptOf(room.options), loaded: null, seed: 0 } as const;
    return this.#begin(room, origin, file, validateRecordBounds({ ...this.#bounds, ...bounds }));
  }

  /** Ends every recording. Resolves when everything is on the disk. */
  async stop(): Promise<void> {
    for (const release of this.#releases) release();
    for (const running of this.#running.values()) void running.end("stopped");
    await Promise.all(this.#ending);
  }

  #begin(
    room: RoomCore,
    origin: Pick<ConstructorParameters<typeof Recorder>[0]["header"], "from" | "options" | "loaded" | "seed">,
    file: string,
    bounds: RecordBounds,
  ): RoomRecording {
    const { bus, limits, timeOfDay, writer: by } = this.#parts;
    const onFault = ({ end, error }: WriterFault): void => void running.end(end, error);
    const writer = new RecordingWriter({ path: file, maxBytes: bounds.maxBytes, onFault });
    const recorder = new Recorder({
      room,
      writer,
      header: {
        ...origin,
        startedAt: new Date(timeOfDay()).toISOString(),
        limits: { ...limits },
        writer: by,
      },
    });
    let ended: Promise<void> | undefined;
    const end = (reason: RecordingEnd, error?: unknown): Promise<void> => {
      ended ??= (async () => {
        room.tap = undefined;
        this.#running.delete(room.name.id);
        recorder.end();
        const { ticks } = recorder;
        const bytes = await writer.end({ end: reason, ticks });
        bus.emit("recordingEnded", {
          room: room.name,
          file,
          end: reason,
          ticks,
          bytes,
          ...(error !== undefined && { error }),
        });
      })();
      const ending = ended.finally(() => this.#ending.delete(ending));
      this.#ending.add(ending);
      return ended;
    };
    const running: Running = { room, recorder, bounds, file, end, stop: () => end("stopped") };
    room.tap = recorder;
    this.#running.set(room.name.id, running);
    bus.emit("recordingBegan", { room: room.name, file });
    return running;
  }

  #published(id: string, tick: number): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    const { recorder, bounds, room } = running;
    recorder.published(tick);
    if (recorder.ticks >= bounds.maxSeconds * room.game.spec.tickRate) void running.end("max-seconds");
  }

  #pathIn(folder: string, { name }: RoomCore): string {
    const at = new Date(this.#parts.timeOfDay()).toISOString().replace(/[-:]|\.\d+/g, "");
    return join(folder, `${name.game}-${name.id}-${at}${RECORDING_EXTENSION}`);
  }
}
