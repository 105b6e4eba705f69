import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import { defineGame, record, u8 } from "tickcast/game";
import { defineRoom, refuse } from "tickcast/server";

const duel = defineGame({ name: "duel", tickRate: 20, state: { match: record({ round: u8 }) } });

/** Your backend signs in its users, and gives each a JWT for this game: `connect(duel, url, undefined, { ticket })`. */
export function duelRoom(keys: JWTVerifyGetKey) {
  return defineRoom(duel, {
    admit: async ({ ticket }) => {
      if (ticket === undefined) return refuse("Sign in first.");
      try {
        const { payload } = await jwtVerify(ticket, keys, {
          issuer: "https://accounts.example.com",
          audience: "duel",
          // Named, so that nobody chooses a weaker one; `none` is never accepted.
          algorithms: ["ES256"],
          requiredClaims: ["sub", "exp"],
        });
        return { userId: payload.sub };
      } catch (error) {
        // What is wrong with the ticket concerns the player; that the keys could not be fetched concerns you.
        if (error instanceof errors.JWTExpired) return refuse("The sign-in is too old. Sign in again.");
        if (error instanceof errors.JWKSTimeout) throw error;
        if (error instanceof errors.JOSEError) return refuse("The sign-in is not valid. Sign in again.");
        throw error;
      }
    },
  });
}

/** Fetched when they are needed first, and kept; a key that is not among them is looked for again. */
export const backendKeys = createRemoteJWKSet(new URL("https://accounts.example.com/.well-known/jwks.json"));
