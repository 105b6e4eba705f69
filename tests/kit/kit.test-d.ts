import * as v from "valibot";
import { defineGame, record, table, text, u8 } from "../../shared/game.ts";
import { expectState, type TestServer } from "./index.ts";

const game = defineGame({
  name: "typed",
  tickRate: 20,
  join: v.object({ name: v.string() }),
  state: { players: table({ name: text(8) }, { owner: "player" }), match: record({ round: u8 }) },
  requests: {
    ask: { input: v.object({ n: v.number() }), reply: v.object({ twice: v.number() }), errors: ["no"] },
  },
});
const plain = defineGame({ name: "plain", tickRate: 20, state: { match: record({ round: u8 }) } });

/** Compiled, never run: what the kit takes follows from the game. */
export async function typed(server: TestServer): Promise<void> {
  await server.connect(plain, "/plain");
  await server.connect(plain, "/plain", undefined, { network: { latencyMs: 5 }, predict: false });
  // @ts-expect-error this game asks for a name
  await server.connect(game, "/typed");
  // @ts-expect-error … which is text
  await server.connect(game, "/typed", { name: 5 });
  // @ts-expect-error no network has this
  await server.connect(game, "/typed", { name: "Ada" }, { network: { lag: 5 } });
  const ada = await server.connect(game, "/typed", { name: "Ada" });

  const answer = await ada.request("ask", { n: 2 });
  if (answer.ok) answer.value.twice satisfies number;
  else answer.error satisfies "no" | "timeout" | "closed" | "lost" | "internal" | "invalid";
  // @ts-expect-error there is no such request
  await ada.request("tell", {});

  const room = server.room<typeof game.spec, { readonly deck: readonly number[] }>(game);
  room.data.deck satisfies readonly number[];
  room.state.match.round = 2;
  room.player(ada).row.name = "Grace";
  expectState(room, { players: [{ name: "Ada" }], match: { round: (round) => round > 1 } });
  // @ts-expect-error a round is a number
  expectState(ada, { match: { round: "one" } });
  // @ts-expect-error there is no such table
  expectState(ada, { teams: [] });
  // @ts-expect-error no event has this name
  server.events.of("playerVanished");
  // @ts-expect-error of every tick there are too many to keep
  server.events.of("tickDone");
}
