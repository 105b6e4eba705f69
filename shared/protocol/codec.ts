import { Packr } from "msgpackr/pack";
import { type ScanFault, type ScanLimits, scanMessage } from "./byte-scanner.ts";
import { readFlatFrame } from "./flat-frame.ts";

// `msgpackr/pack` rather than `msgpackr`: in a browser it is the packer and unpacker alone, on Node it leaves
// out streams and the native string extractor, a second parser in C++ that we have no need to trust.

/**
 * Plain MessagePack, as any language reads it, with the meaning of JSON: an undefined property is left out, an
 * undefined element is null. Records, which `new Function` would compile, are neither written nor accepted.
 */
const options = {
  useRecords: false,
  mapsAsObjects: true,
  structuredClone: false,
  moreTypes: false,
  /** An object that a client named `toJSON` must not be called. */
  useToJSON: false,
  int64AsType: "number" as const,
  /** Binary values outlive the socket's buffer, which is empty after its callback. */
  copyBuffers: true,
  encodeUndefinedAsNil: true,
  /** Not in msgpackr's types: properties with these values are left out. Makes small maps two bytes shorter, too. */
  skipValues: [undefined],
};

const msgpack = new Packr(options);

/**
 * The bytes of one value: null, booleans, numbers, texts, `Uint8Array`, arrays and plain objects of these.
 *
 * Integers below 2^32 take one to five bytes; other numbers are float64, exact and nine bytes, larger integers
 * included. −0 is written as 0.
 *
 * The result stays valid: later calls write behind it. It is a view of a block of at least 8 KiB shared with
 * its neighbours, so what is kept for long is better kept as a `slice()`.
 *
 * Nothing is checked, for speed: lone surrogates, a `Date`, NaN or `__proto__` are written although
 * {@link decodeUntrusted} refuses them at the other end. Where a stranger's value is sent to a server, scan the result.
 *
 * @throws RangeError on a cycle or a bigint beyond 64 bits, Error on a symbol
 */
export function encode(value: unknown): Uint8Array {
  return plainView(msgpack.pack(value));
}

/**
 * The value in a frame from our own server. Not for what a client sent.
 *
 * A text of more than 64 bytes that begins with U+FEFF loses that mark, here as in {@link decodeUntrusted}:
 * msgpackr reads it with a `TextDecoder`.
 *
 * @throws Error on bytes that are not one MessagePack value
 */
export function decodeTrusted(bytes: Uint8Array): unknown {
  return msgpack.unpack(plainView(bytes));
}

/** A client's value, or why there is none and at which byte. */
export type Decoded =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: ScanFault; readonly at: number };

/**
 * The value that a client sent: null, booleans, finite numbers, well-formed texts, `Uint8Array`, arrays and
 * plain objects, nothing else. Its shape is still the schema's to judge, and keys such as `constructor` or
 * `toString` can be there as own properties.
 *
 * No bytes make it throw: the scanner lets nothing pass that the decoder stumbles over.
 */
export function decodeUntrusted(bytes: Uint8Array, limits?: ScanLimits): Decoded {
  // Nearly all that clients send: a server of thousands reads tens of thousands of these a second.
  const flat = limits === undefined ? readFlatFrame(bytes) : undefined;
  if (flat !== undefined) return { ok: true, value: flat };
  const verdict = scanMessage(bytes, limits);
  if (!verdict.ok) return { ok: false, reason: verdict.reason, at: verdict.at };
  return { ok: true, value: decodeTrusted(bytes) };
}

/**
 * The same bytes as a bare `Uint8Array`. On Node msgpackr returns a `Buffer`, whose `slice` does not copy, and
 * hands out binary values of the class that it was given; also it hangs a `DataView` on what it reads.
 */
function plainView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
