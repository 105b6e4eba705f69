import { decodeTrusted } from "../protocol/codec.ts";
import { RecordingError } from "../recording/block.ts";
import type { RecordingEpilogue, RecordingHeader } from "../recording/format.ts";
import { type BlockEntry, Recording } from "../recording/recording.ts";

interface Index {
  readonly blocks: readonly BlockEntry[];
  readonly epilogue: RecordingEpilogue | null;
}

/**
 * The recording that `tickcast replay` serves. Blocks are fetched as they are needed.
 *
 * @param base the address of its index and blocks, which stand below it
 * @throws RecordingError where there is none
 */
export async function fetchRecording(base: string): Promise<Recording> {
  const [header, index] = await Promise.all([
    get(`${base}header`).then(inflate),
    get(`${base}index`).then((response) => response.json() as Promise<Index>),
  ]);
  return new Recording({
    header: decodeTrusted(header) as RecordingHeader,
    blocks: index.blocks,
    epilogue: index.epilogue ?? undefined,
    read: async (block) => inflate(await get(`${base}blocks/${block}`)),
  });
}

async function get(address: string): Promise<Response> {
  const response = await fetch(address).catch(() => undefined);
  if (response === undefined)
    throw new RecordingError("the server of the recording does not answer: is it stopped?");
  if (response.ok) return response;
  const said: unknown = await response.json().catch(() => undefined);
  throw new RecordingError(messageIn(said) ?? `the server answers ${response.status} for ${address}`);
}

function messageIn(said: unknown): string | undefined {
  const error = (said as { error?: { message?: unknown } } | undefined)?.error;
  return typeof error?.message === "string" ? error.message : undefined;
}

async function inflate(response: Response): Promise<Uint8Array> {
  if (response.body === null) throw new RecordingError("the server sent an empty part of the recording");
  const whole = response.body.pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(whole).arrayBuffer());
}
