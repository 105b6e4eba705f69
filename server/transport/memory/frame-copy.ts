const BLOCK_BYTES = 64 * 1024;

let block = new ArrayBuffer(BLOCK_BYTES);
let used = 0;

/**
 * The same bytes, which nobody else has. Small copies share a block, which lives as long as the last of them: V8 keeps
 * a small array inside of its object and moves it out when somebody asks for its `buffer`, as decoders do with every
 * frame (measured: 340 ns a frame to copy and look into, 155 so).
 */
export function frameCopy(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  if (length > BLOCK_BYTES / 8) return new Uint8Array(bytes);
  if (used + length > BLOCK_BYTES) {
    block = new ArrayBuffer(BLOCK_BYTES);
    used = 0;
  }
  const copy = new Uint8Array(block, used, length);
  used += length;
  copy.set(bytes);
  return copy;
}
