/**
 * The token of this tab's seat, by room, so that loading the page anew keeps what one has there. Whoever has the
 * token is this player, and a tab that is duplicated copies the storage of the first: so the token is in it only
 * while the page is away, from the moment it is left until it is shown again.
 */
const PREFIX = "tickcast-seat ";

/** A room's address within its server, such as `/arena/k3x9`. */
type RoomPath = string;

interface Seat {
  readonly room: RoomPath;
  readonly token: string;
}

let held: Seat | undefined;

addEventListener("pagehide", () => {
  const seat = held;
  if (seat !== undefined) withStorage((storage) => storage.setItem(PREFIX + seat.room, seat.token));
});
// A page that comes back as it was, by the browser's back button.
addEventListener("pageshow", ({ persisted }) => {
  const seat = held;
  if (persisted && seat !== undefined) withStorage((storage) => storage.removeItem(PREFIX + seat.room));
});

/** From now on the tab is to keep that seat, and no other. */
export function keepSeat(room: RoomPath, token: string | undefined): void {
  held = token === undefined ? undefined : { room, token };
}

export function forgetSeat(): void {
  held = undefined;
}

/** The token that this tab left with. It is this page's to keep from now on. */
export function takeKeptSeat(room: RoomPath): string | undefined {
  const token = withStorage((storage) => {
    const kept = storage.getItem(PREFIX + room) ?? undefined;
    storage.removeItem(PREFIX + room);
    return kept;
  });
  keepSeat(room, token);
  return token;
}

/** Without storage a page that is loaded anew joins anew. */
function withStorage<Result>(use: (storage: Storage) => Result): Result | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}
