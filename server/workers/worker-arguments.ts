import { Complaint } from "../../shared/complaint.ts";

/** What the parent was told, as far as it differs from worker to worker. */
export interface SharedSettings {
  readonly workers: number;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly nodeId: string | undefined;
  readonly redis: string | undefined;
  readonly checkpoints: string | undefined;
}

/** What a public URL has in place of the port of a worker. */
const PLACEHOLDER = "{port}";

/** A public URL with the port in its place. */
export function withPort(publicUrl: string, port: number): string {
  return publicUrl.replaceAll(PLACEHOLDER, String(port));
}

/** @throws Complaint for settings by which workers would stand in each other's way */
export function validateShared({ workers, port, publicUrl, redis, checkpoints }: SharedSettings): void {
  if (redis === undefined)
    throw new Complaint(
      `${workers} workers share their rooms by a directory: name one, as in --redis redis://127.0.0.1:6379.`,
    );
  if (checkpoints !== undefined && checkpoints !== "")
    throw new Complaint(
      `checkpoints is ${checkpoints}, from which each of ${workers} workers would bring back every room; leave it out: with --redis rooms are saved there.`,
    );
  if (port + workers - 1 > 65_535)
    throw new Complaint(
      `${workers} workers need the ports ${port} to ${port + workers - 1}; the last is 65535.`,
    );
  if (publicUrl === undefined) return;
  if (!publicUrl.includes(PLACEHOLDER))
    throw new Complaint(
      `publicUrl is the same for ${workers} workers; put ${PLACEHOLDER} where theirs differ, as in wss://play.example.com:${PLACEHOLDER}.`,
    );
  if (port === 0)
    throw new Complaint(`publicUrl has ${PLACEHOLDER}, and port is 0: name the first worker's port.`);
}

/** The arguments of one worker: those of its parent, and behind them what is its own. A flag that comes later counts. */
export function workerArguments(given: readonly string[], index: number, shared: SharedSettings): string[] {
  const { port, nodeId } = shared;
  return [
    ...given,
    "--workers",
    "1",
    "--port",
    String(port === 0 ? 0 : port + index),
    ...(nodeId === undefined ? [] : ["--node-id", `${nodeId}-${index}`]),
  ];
}

export const isWorkerCount = (value: number): boolean =>
  Number.isInteger(value) && value >= 1 && value <= 256;
