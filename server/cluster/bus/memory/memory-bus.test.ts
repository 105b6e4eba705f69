import { ManualClock } from "../../../../tests/kit/manual-clock.ts";
import { clusterBusContract } from "../cluster-bus.contract.ts";
import { type MemoryBus, MemoryBusHub } from "./memory-bus.ts";

clusterBusContract("memory", async () => {
  const clock = new ManualClock();
  const hub = new MemoryBusHub(clock);
  return {
    connect: async () => hub.connect(),
    pass: (ms) => clock.run(ms),
    cut: async (bus) => (bus as MemoryBus).cut(),
    close: async () => {},
  };
});
