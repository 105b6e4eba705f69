import { checkpointStoreContract } from "./checkpoint-store.contract.ts";
import { MemoryCheckpointStore } from "./memory-store.ts";

checkpointStoreContract("a memory store", async () => ({ store: new MemoryCheckpointStore() }));
