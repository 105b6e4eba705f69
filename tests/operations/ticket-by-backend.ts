import { signTicket, type TicketPlace } from "tickcast/tickets";

/** What your backend knows of whoever asks it, once it has verified the sign-in. */
interface SignedIn {
  readonly userId: string;
  readonly rank: number;
}

/**
 * Runs in your backend, for a user who wants to play: the page connects with what it returns,
 * `connect(arena, url, join, { ticket })`, and `admit` gets `identity: { user: "ada", data: { rank: 3 } }`.
 */
export async function seatFor({ userId, rank }: SignedIn, gameServer: string, secret: string) {
  const asked = new URL("/join/arena", gameServer);
  const answer = await fetch(asked, { method: "POST" });
  if (!answer.ok)
    throw new Error(`no seat: ${answer.status}, again in ${answer.headers.get("retry-after")} s`);
  const { url, place } = (await answer.json()) as { url: string; place: TicketPlace };
  // Of a few seconds, and once: nothing has to be revoked, and nothing is asked of anybody when it is shown.
  const ticket = await signTicket({ ...place, user: userId, data: { rank } }, secret, { seconds: 30 });
  return { url: new URL(url, asked).href, ticket };
}
