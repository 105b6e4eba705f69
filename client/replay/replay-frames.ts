import { encode } from "../../shared/protocol/codec.ts";
import {
  type DefinitionFrame,
  type EventPart,
  type KeyframeFrame,
  PROTOCOL_VERSION,
  ROOM_STREAM,
  ServerFrame,
  type TickEndFrame,
  type WelcomeFrame,
} from "../../shared/protocol/frames.ts";
import { trimFrame } from "../../shared/protocol/trim-frame.ts";
import { EventAudience, type RecordingHeader, type TickRecord } from "../../shared/recording/format.ts";
import type { RecordedState } from "../../shared/recording/recorded-state.ts";

/** Of a spectator's own stream, which stays empty: the room's has everything. */
const OWN_STREAM = 1;
/** No player has this id. */
const SPECTATOR = 0;

/** Names the clock that frames are timed by: the client's own, so that there is nothing to estimate. */
export const REPLAY_CLOCK_ID = "replay";

/**
 * The frames of a recording, as a room would send them to a player who is in nobody's way: with every field of every
 * row in the room's stream, whoever could see it.
 */
export class ReplayFrames {
  readonly #header: RecordingHeader;
  #eventSequence = 0;

  constructor(header: RecordingHeader) {
    this.#header = header;
  }

  definition(): Uint8Array {
    const { hash, description } = this.#header;
    const frame: DefinitionFrame = [ServerFrame.definition, PROTOCOL_VERSION, hash, description];
    return encode(frame);
  }

  /** What opens a stay with the state of a tick. Tick `n` is due at `n` periods of the clock. */
  opening(state: RecordedState): Uint8Array[] {
    const { timeline, room } = this.#header;
    const { tick } = state;
    const welcome: WelcomeFrame = [
      ServerFrame.welcome,
      timeline,
      tick,
      0,
      REPLAY_CLOCK_ID,
      SPECTATOR,
      0,
      OWN_STREAM,
      room,
      null,
    ];
    const whole: KeyframeFrame = [ServerFrame.keyframe, tick, ROOM_STREAM, state.keyframe()];
    const own: KeyframeFrame = [ServerFrame.keyframe, tick, OWN_STREAM, []];
    const end: TickEndFrame = [ServerFrame.tickEnd, tick, tick, [], [], []];
    return [welcome, whole, own, end].map((frame) => encode(trimFrame(frame, 3)));
  }

  /** One tick, with the events that were told to more than one player. */
  tick([, tick, , , , , base, rows, leaves, events]: TickRecord): Uint8Array {
    const told: EventPart[] = [];
    for (const [audience, , ...part] of events)
      if (audience !== EventAudience.player) told.push([this.#eventSequence++, ...part]);
    const frame: TickEndFrame = [ServerFrame.tickEnd, tick, base, rows, leaves, told];
    return encode(trimFrame(frame, 3));
  }

  pong(stamp: number, now: number): Uint8Array {
    return encode([ServerFrame.pong, stamp, now]);
  }
}
