import { findOrCreate } from "./find-or-create.ts";
import { listNodes, readChanges, registerNode, releaseNode, renewNode } from "./node-scripts.ts";
import {
  claimRoom,
  createRoom,
  listOrphans,
  listRooms,
  readRoom,
  removeRoom,
  transferRoom,
  updateRoom,
} from "./room-scripts.ts";

export const allScripts = {
  registerNode,
  renewNode,
  releaseNode,
  listNodes,
  readChanges,
  findOrCreate,
  createRoom,
  updateRoom,
  removeRoom,
  transferRoom,
  readRoom,
  listRooms,
  listOrphans,
  claimRoom,
} as const;

export type ScriptName = keyof typeof allScripts;
