import { decodeTrusted } from "../shared/protocol/codec.ts";
import { type AnyServerFrame, ServerFrame } from "../shared/protocol/frames.ts";
import { FrameFault } from "./frame-fault.ts";

type Check = (value: unknown) => boolean;

const isNumber: Check = Number.isFinite;
const isTick: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isText: Check = (value) => typeof value === "string";
const isObject: Check = (value) => typeof value === "object" && value !== null;
const isList: Check = Array.isArray;
const orNil =
  (check: Check): Check =>
  (value) =>
    value === undefined || value === null || check(value);

/** By type of frame: what stands behind the type. Parts that may be left out are `orNil`. */
const shapes: Readonly<Record<number, readonly Check[]>> = {
  [ServerFrame.definition]: [isTick, isText, isObject],
  [ServerFrame.welcome]: [
    isTick,
    isTick,
    isNumber,
    orNil(isText),
    isTick,
    isTick,
    isTick,
    isText,
    orNil(isText),
  ],
  [ServerFrame.keyframe]: [isTick, isTick, orNil(isList), orNil(isTick)],
  [ServerFrame.delta]: [
    isTick,
    isTick,
    isTick,
    orNil(isList),
    orNil(isList),
    orNil(isList),
    orNil(isList),
    orNil(isList),
    orNil(isList),
  ],
  [ServerFrame.tickEnd]: [isTick, isTick, orNil(isList), orNil(isList), orNil(isList), orNil(isList)],
  [ServerFrame.pong]: [isNumber, isNumber, orNil(isTick), orNil(isNumber)],
  [ServerFrame.pause]: [isTick],
  [ServerFrame.maintenance]: [isNumber],
  [ServerFrame.resumed]: [isTick, isTick, isTick, isTick, orNil(isList)],
};

/**
 * The frame in a message, its outer shape checked; what stands deeper is the trusted server's word. Undefined
 * for a type that this client does not know: newer servers may send such.
 *
 * @throws FrameFault for what is no frame
 */
export function readServerFrame(bytes: Uint8Array): AnyServerFrame | undefined {
  const frame = decode(bytes);
  if (!Array.isArray(frame) || !isTick(frame[0])) throw new FrameFault("a message is no frame");
  const shape = shapes[frame[0]];
  if (shape === undefined) return undefined;
  const wrong = shape.findIndex((check, part) => !check(frame[part + 1]));
  if (wrong !== -1) throw new FrameFault(`part ${wrong + 1} of a frame of type ${frame[0]} is wrong`);
  return frame as unknown as AnyServerFrame;
}

function decode(bytes: Uint8Array): unknown {
  try {
    return decodeTrusted(bytes);
  } catch (cause) {
    throw new FrameFault("a message is not MessagePack", { cause });
  }
}
