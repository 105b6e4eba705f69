import type { CloseName } from "../../../shared/protocol/close-codes.ts";
import type { TicketPlace } from "../../tickets/ticket.ts";

/** What one node asks of another: a seat in a room that is its own, or is to be made there. */
export interface SeatQuestion {
  readonly game: string;
  readonly room: string;
  /** The seat that the directory holds until the owner keeps one. */
  readonly hold?: string | undefined;
  /** What `admit` is to judge. */
  readonly presented?: string | undefined;
  /** Where the room was claimed for the owner and may not be there yet: the options as the player gave them. */
  readonly make?: { readonly options: Readonly<Record<string, string>> } | undefined;
}

/** The ticket, where there are tickets. */
export interface KeptSeat {
  readonly place: TicketPlace;
  readonly ticket?: string | undefined;
  readonly expiresInMs: number;
}

export type SeatAnswer =
  | { readonly kept: true; readonly seat?: KeptSeat | undefined }
  | { readonly kept: false; readonly refused: CloseName; readonly message?: string | undefined };
