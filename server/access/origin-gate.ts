import type { HandshakeRequest, HandshakeVerdict } from "../transport/transport.ts";

/** Decides on a handshake before anything else does; `undefined` leaves it to the next. */
export type HandshakeGate = (request: HandshakeRequest) => HandshakeVerdict | undefined;

/** Pages of one's own machine. */
const LOCALHOST = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;

/** Who makes origins up is not to fill the log: so many are told, and so much of each. */
const MOST_TOLD = 16;
const MOST_LETTERS = 200;

/**
 * Lets pages of these origins connect, and whoever is no browser. In development pages of this machine may, too.
 *
 * @param origins as browsers send them: `https://play.example.com`, with the port where it is not the scheme's own
 * @param refused told once of each origin that is refused, and of 16 at most: a page sees no reason, so the log has to
 * @throws RangeError that names what is no origin
 */
export function originGate(
  origins: readonly string[],
  mode: "development" | "production",
  refused: (origin: string) => void = () => {},
): HandshakeGate {
  for (const origin of origins)
    if (originOf(origin) !== origin)
      throw new RangeError(
        `origins has ${JSON.stringify(origin)}; it must be like "https://play.example.com", without a path`,
      );
  const allowed = new Set(origins);
  const told = new Set<string>();
  return ({ origin }) => {
    if (origin === undefined || allowed.has(origin)) return undefined;
    if (mode === "development" && LOCALHOST.test(origin)) return undefined;
    const shown = origin.slice(0, MOST_LETTERS);
    if (told.size < MOST_TOLD && !told.has(shown)) {
      told.add(shown);
      refused(shown);
    }
    return { verdict: "refuse", status: 403, reason: "Pages of this origin may not connect here." };
  };
}

function originOf(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
