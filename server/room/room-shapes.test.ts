import { setFlagsFromString } from "node:v8";
import { expect, test } from "vitest";
import { host } from "../../tests/server-kit/hosted.ts";
import { probeGame, probeRoom } from "../../tests/server-kit/probe-game.ts";

/** Whether V8 keeps an object's properties in places of their own, as it does for all of one shape; not in a hash table. */
function hasFastProperties(object: object): boolean {
  setFlagsFromString("--allow-natives-syntax");
  try {
    return new Function("object", "return %HasFastProperties(object)")(object) as boolean;
  } finally {
    setFlagsFromString("--no-allow-natives-syntax");
  }
}

test("[ROO-36] what a room reads of every player in every tick is no hash table to V8", async () => {
  const hosted = await host([probeRoom]);
  await hosted.join("/probe", probeGame);
  const room = hosted.room();
  const [seat] = room.seats;
  const { facade } = room;
  const [player] = facade.players;
  const read = { seat, player, groups: player?.groups, row: seat?.row, facade, players: facade.players };
  for (const [name, object] of Object.entries(read)) {
    expect(object, name).toBeDefined();
    expect(hasFastProperties(object as object), name).toBe(true);
  }
  // The check itself can tell: this is what such a literal is.
  const literal = {
    get tick() {
      return 0;
    },
  };
  expect(hasFastProperties(literal)).toBe(false);
});
