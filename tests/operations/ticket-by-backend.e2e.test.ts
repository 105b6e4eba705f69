import { readFileSync } from "node:fs";
import { connect } from "tickcast/client";
import { defineGame, record, u8 } from "tickcast/game";
import { defineRoom, type Identity, refuse, serve } from "tickcast/server";
import { expect, test } from "vitest";
import { seatFor } from "./ticket-by-backend.ts";

const arena = defineGame({ name: "arena", tickRate: 20, state: { match: record({ round: u8 }) } });
const secret = "a secret of thirty-two bytes, say";

test("[TKT-31] the documented backend signs tickets that the game reads, and strangers have none", async () => {
  const identities: (Identity | undefined)[] = [];
  const room = defineRoom(arena, {
    admit: ({ identity }) => {
      identities.push(identity);
      return identity?.user === "mallory" ? refuse("You are banned.") : undefined;
    },
  });
  const server = await serve({ rooms: [room], port: 0, tickets: "identified", ticketSecrets: [secret] });
  const play = async (userId: string) => {
    const { url, ticket } = await seatFor({ userId, rank: 3 }, server.url, secret);
    return connect(arena, url, undefined, { ticket });
  };
  const ada = await play("ada");
  await expect(play("mallory")).rejects.toMatchObject({ close: { name: "refused" } });
  await expect(connect(arena, `${server.url}/join/arena`)).rejects.toMatchObject({
    close: { name: "bad-token" },
  });
  expect(identities.map((identity) => identity?.user)).toEqual(["ada", "mallory"]);
  expect(identities[0]?.data).toEqual({ rank: 3 });
  await expect(seatFor({ userId: "bob", rank: 1 }, server.url, "too short")).rejects.toThrow("at least 32");
  await ada.leave();
  await server.stop();
});

test("[TKT-31] the code in the documentation is the one that runs here", () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
  expect(read("../../docs/operations.md")).toContain(`\`\`\`ts\n${read("./ticket-by-backend.ts")}\`\`\``);
});
