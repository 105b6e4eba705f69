import type { Release } from "../../shared/tick/clock.ts";
import type { Membership } from "../room/arrivals.ts";
import type { RoomCore } from "../room/room-core.ts";

/**
 * Where a session stands. `greeting` waits for a valid hello, `admitting` for a room and the game's word,
 * `joining` for the room's next tick, as does one who returns; `gone` is the end.
 */
export type SessionState =
  | { readonly state: "greeting"; readonly deadline: Release; readonly asked: number }
  | { readonly state: "admitting" }
  | { readonly state: "joining"; readonly room: RoomCore; readonly membership: Membership }
  | { readonly state: "joined"; readonly room: RoomCore; readonly membership: Membership }
  | { readonly state: "gone" };

export type SessionStateName = SessionState["state"];

/** Which state may follow which; everything may end. */
export const sessionTransitions: Readonly<Record<SessionStateName, readonly SessionStateName[]>> = {
  greeting: ["greeting", "admitting", "joining", "gone"],
  admitting: ["joining", "gone"],
  joining: ["joined", "gone"],
  joined: ["gone"],
  gone: [],
};
