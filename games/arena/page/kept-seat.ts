/**
 * The token of this tab's seat, by room, so that loading the page anew keeps ship, score and name. A tab's own
 * storage: whoever has the token is this player.
 */
const PREFIX = "tickcast-seat /arena/";

export function keepSeat(room: string, token: string | undefined): void {
  if (token === undefined) return;
  try {
    sessionStorage.setItem(PREFIX + room, token);
  } catch {
    // Without storage a page that is loaded anew joins anew.
  }
}

export function keptSeat(room: string | undefined): string | undefined {
  if (room === undefined) return undefined;
  try {
    return sessionStorage.getItem(PREFIX + room) ?? undefined;
  } catch {
    return undefined;
  }
}

export function forgetSeat(room: string): void {
  try {
    sessionStorage.removeItem(PREFIX + room);
  } catch {
    // Nothing was kept.
  }
}
