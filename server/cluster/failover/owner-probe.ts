import type { NodeIncarnation } from "../directory/node-record.ts";

/** Asks a server which node it is, and of which epoch. `undefined` where nobody answers in time, or no node. */
export type ProbeOwner = (url: string, withinMs: number) => Promise<NodeIncarnation | undefined>;

/** By its `GET /health`, at the address that players reach it at. */
export const probeByHttp: ProbeOwner = async (url, withinMs) => {
  try {
    const health = `${url.replace(/^ws/, "http").replace(/\/$/, "")}/health`;
    const answer = await fetch(health, { signal: AbortSignal.timeout(withinMs) });
    const { cluster } = (await answer.json()) as { readonly cluster?: NodeIncarnation };
    return cluster && { node: cluster.node, epoch: cluster.epoch };
  } catch {
    return undefined;
  }
};
