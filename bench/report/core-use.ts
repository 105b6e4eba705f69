import type { LoadUse, ServerFigures } from "../run/messages.ts";

/** What a window's load and strangers used of their cores, each as a share of one. */
export function useOf({
  server,
  clients,
}: {
  readonly server: Pick<ServerFigures, "cpuUs">;
  readonly clients: LoadUse;
}): { readonly loadCpu: number; readonly otherCpu: number } {
  const busyMs = (server.cpuUs + clients.cpuUs) / 1000;
  return {
    loadCpu: clients.cpuUs / 1000 / clients.wallMs,
    otherCpu: Math.max(0, clients.machineBusyMs - busyMs) / clients.wallMs,
  };
}
