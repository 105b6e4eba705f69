/** Recordings in a page: an entry of its own, so that pages without it do not carry it. */

export { fetchRecording } from "../../shared/platform/fetch-recording.ts";
export { RecordingError } from "../../shared/recording/block.ts";
export type { RecordingHeader } from "../../shared/recording/format.ts";
export { Recording, type RecordingSource } from "../../shared/recording/recording.ts";
export { FASTEST, Replay, type ReplayOptions, type ReplayState, SLOWEST } from "./replay.ts";
