/** The server sent what the protocol does not allow. The connection is closed with `bad-frame`. */
export class FrameFault extends Error {
  override readonly name: string = "FrameFault";
}

/** Frames are missing: the server dropped some that did not fit. What is held is still whole. */
export class GapFault extends FrameFault {
  override readonly name = "GapFault";
}
