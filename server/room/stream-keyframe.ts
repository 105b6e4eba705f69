import { type KeyframeFrame, ServerFrame, StreamAudience } from "../../shared/protocol/frames.ts";
import type { RowStream } from "../../shared/state/row-stream.ts";

/** A whole stream as of its last commit, for who begins to follow it. */
export function keyframeOf(stream: RowStream, tick: number): KeyframeFrame {
  const rows = stream.keyframe();
  return stream.audience === "group"
    ? [ServerFrame.keyframe, tick, stream.id, rows, StreamAudience.group]
    : [ServerFrame.keyframe, tick, stream.id, rows];
}

/** Whether who begins to follow the stream gets its keyframe, or may wait for the first delta. */
export function begunByKeyframe(stream: RowStream): boolean {
  // An empty cell has nothing to say. Of a group the keyframe alone says that it is one.
  return stream.size > 0 || stream.audience === "group";
}
