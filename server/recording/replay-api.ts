import type { RecordingFile } from "../../shared/platform/open-recording.ts";
import type { HttpHandler } from "../game-server-parts.ts";
import { json, problem } from "../http/json.ts";

/** Where pages find the recording that `tickcast replay` serves. */
export const REPLAY_PATH = "/recording/";

/** A recording for pages: its index, its header, and its blocks as they are stored. */
export function replayApi(file: RecordingFile): HttpHandler {
  const bytes = (stored: Uint8Array): Response =>
    new Response(new Uint8Array(stored), {
      headers: { "content-type": "application/octet-stream", "cache-control": "no-store" },
    });
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(REPLAY_PATH)) return undefined;
    const asked = pathname.slice(REPLAY_PATH.length);
    if (asked === "index")
      return json({
        blocks: file.blocks.map(({ firstTick, lastTick, storedBytes, rawBytes }) => ({
          firstTick,
          lastTick,
          storedBytes,
          rawBytes,
        })),
        epilogue: file.epilogue ?? null,
      });
    if (asked === "header") return bytes(file.storedHeader);
    const block = /^blocks\/(\d{1,9})$/.exec(asked)?.[1];
    if (block === undefined || Number(block) >= file.blocks.length)
      return problem(404, "not-found", `The recording has nothing at ${pathname}.`);
    try {
      return bytes(await file.readStored(Number(block)));
    } catch (error) {
      return problem(500, "damaged", error instanceof Error ? error.message : String(error));
    }
  };
}
