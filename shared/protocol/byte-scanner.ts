/** Bounds on one message. Defaults: {@link defaultScanLimits}. */
export interface ScanLimits {
  /** Containers inside each other: 0 is a bare number or text, 1 a flat array. At most {@link deepestScan}. */
  readonly maxDepth: number;
  /** Values in the whole message. Containers and map keys count too: `{ a: [1] }` has four. */
  readonly maxValues: number;
}

/**
 * A greeting, an input or a chat message has tens of values, four deep. The rest is room for requests that
 * carry lists. What is beyond is refused before anything is allocated for it: 4,096 empty arrays, the dearest
 * content a byte can buy, decode to 160 KB (measured on Node 20).
 */
export const defaultScanLimits: ScanLimits = { maxDepth: 8, maxValues: 4096 };

/** The size of the scanner's stack, hence the largest `maxDepth`. */
export const deepestScan = 32;

/**
 * Why a message is refused.
 *
 * - `empty`: no bytes at all
 * - `truncated`: a count, a length or a number reaches past the end
 * - `trailing-bytes`: a complete value, then more
 * - `too-deep`, `too-many-values`: beyond the limits
 * - `extension`: an extension type (dates, records, pointers, sets, …)
 * - `reserved-byte`: 0xc1, which MessagePack never uses
 * - `bad-utf8`: not UTF-8; surrogates and overlong forms are not
 * - `unsafe-integer`: 64 bits of which a JavaScript number holds only the first 53
 * - `not-finite`: NaN or an infinity
 * - `key-not-text`: a map key of another type
 * - `forbidden-key`: the map key `__proto__`
 */
export type ScanFault =
  | "empty"
  | "truncated"
  | "trailing-bytes"
  | "too-deep"
  | "too-many-values"
  | "extension"
  | "reserved-byte"
  | "bad-utf8"
  | "unsafe-integer"
  | "not-finite"
  | "key-not-text"
  | "forbidden-key";

/** `steps` is the work done, at most two a byte; `at` the offset of the value or text at fault. */
export type ScanVerdict =
  | { readonly ok: true; readonly steps: number }
  | { readonly ok: false; readonly reason: ScanFault; readonly at: number; readonly steps: number };

type Kind =
  | "plain"
  | "float32"
  | "float64"
  | "uint64"
  | "int64"
  | "text"
  | "binary"
  | "array"
  | "map"
  | "extension"
  | "reserved";

/** All of MessagePack: first and last head byte, kind, bytes of the number, length or count behind the head. */
const formats: readonly (readonly [first: number, last: number, kind: Kind, width: number])[] = [
  [0x00, 0x7f, "plain", 0], // positive fixint
  [0x80, 0x8f, "map", 0], // the count is in the head
  [0x90, 0x9f, "array", 0],
  [0xa0, 0xbf, "text", 0],
  [0xc0, 0xc0, "plain", 0], // nil
  [0xc1, 0xc1, "reserved", 0],
  [0xc2, 0xc3, "plain", 0], // false, true
  [0xc4, 0xc4, "binary", 1],
  [0xc5, 0xc5, "binary", 2],
  [0xc6, 0xc6, "binary", 4],
  [0xc7, 0xc9, "extension", 0],
  [0xca, 0xca, "float32", 4],
  [0xcb, 0xcb, "float64", 8],
  [0xcc, 0xcc, "plain", 1], // uint 8, 16, 32
  [0xcd, 0xcd, "plain", 2],
  [0xce, 0xce, "plain", 4],
  [0xcf, 0xcf, "uint64", 8],
  [0xd0, 0xd0, "plain", 1], // int 8, 16, 32
  [0xd1, 0xd1, "plain", 2],
  [0xd2, 0xd2, "plain", 4],
  [0xd3, 0xd3, "int64", 8],
  [0xd4, 0xd8, "extension", 0],
  [0xd9, 0xd9, "text", 1],
  [0xda, 0xda, "text", 2],
  [0xdb, 0xdb, "text", 4],
  [0xdc, 0xdc, "array", 2],
  [0xdd, 0xdd, "array", 4],
  [0xde, 0xde, "map", 2],
  [0xdf, 0xdf, "map", 4],
  [0xe0, 0xff, "plain", 0], // negative fixint
];

const kinds: Kind[] = [];
const widths = new Uint8Array(256);
for (const [first, last, kind, width] of formats) {
  kinds.push(...new Array<Kind>(last - first + 1).fill(kind));
  widths.fill(width, first, last + 1);
}

/** What is still missing of the containers around the current one. Shared by all scans: they are synchronous. */
const leftAround = new Uint32Array(deepestScan);
const mapAround = new Uint8Array(deepestScan);

/**
 * Says whether untrusted bytes are exactly one MessagePack value that the decoder can be given.
 *
 * One pass without recursion or allocation (but the verdict): each byte of text is inspected once, binary is
 * stepped over, a count is compared with the bytes that are there before anything is descended into. So the
 * cost is linear in the bytes sent, whatever they promise: `steps ≤ 2 × bytes.length`.
 *
 * Allowed on purpose: −0 (a stick at rest on other platforms; it equals 0), longer encodings of small numbers,
 * and a repeated map key (the last one wins, as in JSON).
 *
 * @throws RangeError when `limits.maxDepth` is beyond {@link deepestScan}: our own mistake, never the peer's.
 */
export function scanMessage(bytes: Uint8Array, limits: ScanLimits = defaultScanLimits): ScanVerdict {
  if (!(limits.maxDepth <= deepestScan)) {
    throw new RangeError(`maxDepth is ${limits.maxDepth}, but the scanner's stack ends at ${deepestScan}`);
  }
  const end = bytes.length;
  if (end === 0) return refuse("empty", 0, 0);

  let at = 0;
  let steps = 0;
  let seen = 0; // values begun
  let promised = 1; // values that the containers so far announced
  let depth = 0;
  let left = 1; // values missing in the innermost container
  let inMap = false;

  for (;;) {
    if (left === 0) {
      if (depth === 0) break;
      depth -= 1;
      left = leftAround[depth] ?? 0;
      inMap = mapAround[depth] === 1;
      steps += 1;
      continue;
    }
    if (at === end) return refuse("truncated", at, steps);

    const start = at;
    const head = bytes[at] ?? 0;
    const kind = kinds[head];
    const width = widths[head] ?? 0;
    const isKey = inMap && left % 2 === 0;
    at += 1;
    steps += 1;
    seen += 1;
    left -= 1;
    if (isKey && kind !== "text") return refuse("key-not-text", start, steps);
    if (width > end - at) return refuse("truncated", start, steps);

    switch (kind) {
      case "plain":
        at += width;
        break;

      case "float32":
      case "float64":
        if (!holdsFinite(bytes, at, kind)) return refuse("not-finite", start, steps);
        at += width;
        break;

      case "uint64":
      case "int64":
        if (!holdsSafeInteger(bytes, at, kind)) return refuse("unsafe-integer", start, steps);
        at += width;
        break;

      case "binary": {
        const length = unsigned(bytes, at, width);
        at += width;
        if (length > end - at) return refuse("truncated", start, steps);
        at += length;
        break;
      }

      case "text": {
        const length = width === 0 ? head & 0x1f : unsigned(bytes, at, width);
        at += width;
        if (length > end - at) return refuse("truncated", start, steps);
        steps += length;
        const valid = endOfValidUtf8(bytes, at, at + length);
        if (valid !== at + length) return refuse("bad-utf8", valid, steps);
        if (isKey && isProto(bytes, at, length)) return refuse("forbidden-key", start, steps);
        at += length;
        break;
      }

      case "array":
      case "map": {
        const count = width === 0 ? head & 0x0f : unsigned(bytes, at, width);
        const values = kind === "map" ? count * 2 : count;
        at += width;
        promised += values;
        // Every value takes a byte at least, those still owed to the containers around included.
        if (promised - seen > end - at) return refuse("truncated", start, steps);
        if (promised > limits.maxValues) return refuse("too-many-values", start, steps);
        if (depth >= limits.maxDepth) return refuse("too-deep", start, steps);
        leftAround[depth] = left;
        mapAround[depth] = inMap ? 1 : 0;
        depth += 1;
        left = values;
        inMap = kind === "map";
        break;
      }

      case "extension":
        return refuse("extension", start, steps);

      default:
        return refuse("reserved-byte", start, steps);
    }
  }
  return at === end ? { ok: true, steps } : refuse("trailing-bytes", at, steps);
}

function refuse(reason: ScanFault, at: number, steps: number): ScanVerdict {
  return { ok: false, reason, at, steps };
}

/** Big-endian. */
function unsigned(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = at; i < at + width; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
}

/** An exponent of ones alone is NaN or an infinity. */
function holdsFinite(bytes: Uint8Array, at: number, kind: "float32" | "float64"): boolean {
  const exponentEnd = kind === "float32" ? 0x80 : 0xf0;
  return ((bytes[at] ?? 0) & 0x7f) !== 0x7f || ((bytes[at + 1] ?? 0) & exponentEnd) !== exponentEnd;
}

/** |n| ≤ 2^53 − 1, told by the upper half: 0x1fffff is that of the largest, −0x200000 that of the smallest. */
function holdsSafeInteger(bytes: Uint8Array, at: number, kind: "uint64" | "int64"): boolean {
  const high = unsigned(bytes, at, 4);
  if (kind === "uint64" || high < 0x80000000) return high <= 0x1fffff;
  const signed = high - 0x100000000;
  return signed > -0x200000 || (signed === -0x200000 && unsigned(bytes, at + 4, 4) > 0);
}

/** `to` when all is well, else the offset of the first bad sequence. By table 3-7 of the Unicode standard. */
function endOfValidUtf8(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      at += 1;
      continue;
    }
    const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first < 0xc2 || first > 0xf4 || length > to - at) return at;
    // The second byte rules out overlong forms (e0, f0), surrogates (ed) and what is beyond U+10FFFF (f4).
    const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    const second = bytes[at + 1] ?? 0;
    if (second < lowest || second > highest) return at;
    for (let i = at + 2; i < at + length; i++) {
      if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return at;
    }
    at += length;
  }
  return to;
}

const proto = Array.from("__proto__", (letter) => letter.charCodeAt(0));

function isProto(bytes: Uint8Array, at: number, length: number): boolean {
  return length === proto.length && proto.every((code, i) => bytes[at + i] === code);
}
