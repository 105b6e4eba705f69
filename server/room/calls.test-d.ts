import { defineGame, record, u8 } from "tickcast/game";
import { defineRoom, fail, refuse } from "tickcast/server";
import * as v from "valibot";

const quiet = defineGame({ name: "quiet", tickRate: 20, state: { match: record({ round: u8 }) } });

const talking = defineGame({
  name: "talking",
  tickRate: 20,
  state: { match: record({ round: u8 }) },
  messages: { chat: v.object({ text: v.string() }) },
  requests: {
    buy: { input: v.object({ item: v.string() }), reply: v.object({ gold: v.number() }), errors: ["broke"] },
    sit: { input: v.object({}), reply: v.object({ from: v.picklist(["now", "later"]) }) },
  },
});

/** The same for all that follow. */
const buy = () => ({ gold: 1 });
const sit = () => ({ from: "now" }) as const;

const isText = (text: string | undefined): undefined => void text;

// What `admit` returns is `player.data` in every hook and handler, also where `admit` looks at who asks.
defineRoom(talking, {
  load: async () => 1,
  data: (wave) => ({ wave }),
  admit: ({ ticket }) => (ticket === "" ? refuse("No ticket.") : { user: ticket }),
  join: (_room, player) => isText(player.data.user),
  on: { chat: (room, player, { text }) => isText(player.data.user ?? text.at(room.data.wave)) },
  requests: {
    buy: (_room, { data }, { item }) => (data.user === item ? { gold: 1 } : fail("broke")),
    // The words of a reply stay words.
    sit: (room, player) => ({ from: room.data.wave > 1 && player.data.user === "" ? "later" : "now" }),
  },
});

// @ts-expect-error a game with messages needs handlers for them
defineRoom(talking, { requests: { buy, sit } });

defineRoom(talking, {
  // @ts-expect-error every message needs one
  on: {},
  requests: { buy, sit },
});

// @ts-expect-error a game without messages has no handlers for them
defineRoom(quiet, { on: { chat: () => undefined } });

defineRoom(quiet, { tick: () => undefined });

defineRoom(talking, {
  on: { chat: () => undefined },
  requests: {
    // @ts-expect-error an error that the request does not declare
    buy: () => fail("poor"),
    sit,
  },
});
