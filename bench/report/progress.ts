/** Says what goes on: one line that is rewritten on a terminal, nothing where stderr is a file or a pipe. */
export class Progress {
  readonly #out: NodeJS.WriteStream;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  readonly says = (text: string): void => {
    if (this.#out.isTTY) this.#out.write(`\r\x1b[K${text.slice(0, this.#out.columns - 1)}`);
  };

  /** Clears the line. */
  done(): void {
    this.says("");
  }
}
