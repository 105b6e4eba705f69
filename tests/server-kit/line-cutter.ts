import { rm } from "node:fs/promises";
import { createConnection, createServer, type Server, type Socket } from "node:net";

/** One client's line to a Unix socket, which can be silenced or taken away. */
export class LineCutter {
  readonly path: string;
  readonly #to: string;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #silent = false;

  constructor(path: string, to: string) {
    this.path = path;
    this.#to = to;
  }

  async open(): Promise<void> {
    const server = createServer((near) => this.#join(near));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
  }

  /** Nothing goes either way any more, over old connections and new ones, until it is released. */
  silence(): () => void {
    this.#silent = true;
    for (const socket of this.#sockets) socket.pause();
    return () => {
      this.#silent = false;
      for (const socket of this.#sockets) socket.resume();
    };
  }

  /** Ends all connections and takes no new ones. */
  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
    await rm(this.path, { force: true });
  }

  #join(near: Socket): void {
    const far = createConnection(this.#to);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on("data", (data) => to.write(data));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#silent) from.pause();
    }
  }
}
