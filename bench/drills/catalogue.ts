import type { Drill } from "./drill.ts";

/** Every drill by its name, in the order in which `all` carries them out. What one needs loads with it alone. */
export const drills: Readonly<Record<string, () => Promise<Drill>>> = {
  "connect-storm": async () => (await import("./connect-storm.ts")).connectStorm,
  "reconnect-storm": async () => (await import("./reconnect-storm.ts")).reconnectStorm,
  "throwing-room": async () => (await import("./throwing-room.ts")).throwingRoom,
  "slow-readers": async () => (await import("./slow-readers.ts")).slowReaders,
  "clock-jumps": async () => (await import("./clock-jumps.ts")).clockJumps,
  "fuzz-sockets": async () => (await import("./fuzz-sockets.ts")).fuzzSockets,
  soak: async () => (await import("./soak.ts")).soak,
};
