import { createServer } from "node:net";
import { ListenError, type ListenOptions } from "../transport.ts";

/**
 * uWebSockets.js says only that it could not listen. Node says why, so it is asked to do the same; the answer
 * becomes a sentence that names the address and says what to do.
 */
export async function explainListenFailure({ host, port }: ListenOptions): Promise<ListenError> {
  const cause = await tryToListen(host, port);
  return new ListenError(`Cannot listen on ${host}:${port}: ${advice(cause?.code)}`, { cause });
}

/** Whether somebody else listens there now. */
export async function isTaken({ host, port }: ListenOptions): Promise<boolean> {
  return (await tryToListen(host, port))?.code === "EADDRINUSE";
}

function advice(code: string | undefined): string {
  switch (code) {
    case "EADDRINUSE":
      return "the port is taken. Choose another with --port; 0 picks a free one.";
    case "EACCES":
      return "this user may not listen there. Choose a port of 1024 or more with --port.";
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EINVAL":
      return "the host is no address of this machine. Choose 127.0.0.1 or 0.0.0.0 with --host.";
    default:
      return `${code ?? "the system refused"}. Choose another address with --host or --port.`;
  }
}

function tryToListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", resolve);
    probe.listen({ host, port, exclusive: true }, () => {
      probe.close(() => resolve(undefined));
    });
  });
}
