/** The server sent what the protocol does not allow. The connection is closed with `bad-frame`. */
export class FrameFault extends Error {
  override readonly name = "FrameFault";
}
