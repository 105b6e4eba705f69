/** A process of a drill: players who come, play, stall, are cut, come back and go, from a seed. */
import { NodeClock } from "../../../shared/platform/node-clock.ts";
import { type Random, seededRandom } from "../../../shared/random/seeded-random.ts";
import { periodMs } from "../../../shared/tick/tick.ts";
import { Acknowledgements } from "../../load/acknowledgements.ts";
import { anyDrillGame } from "../drill-game.ts";
import { passing } from "../process/passing.ts";
import { serveCalls } from "../process/serve-calls.ts";
import { type Company, DrillPlayer } from "./drill-player.ts";

const HZ = 20;
const STEP_MS = 50;
/** How long one stays who does nothing special. */
const STAYS_MS = 2_000;
/** Beyond the time after which the server pauses whoever acknowledges nothing. */
const STALLS_MS = 1_500;
const AWAY_MS = 300;
/** So many rooms there are at most beside the standing ones. */
const SERIES = 20;

export interface ChurnOrder {
  readonly port: number;
  /** Standing rooms that they join, beside new ones that are made for them. */
  readonly paths: readonly string[];
  readonly seed: number;
  /** So many are there at the same time. */
  readonly players: number;
  readonly forMs: number;
}

/** What was done, by kind. */
export interface ChurnFigures {
  readonly joined: number;
  readonly left: number;
  readonly cut: number;
  readonly returned: number;
  readonly stalled: number;
  readonly messages: number;
  readonly requests: number;
  readonly inputs: number;
  /** Connections that the server ended otherwise than it was to, with what was told. */
  readonly unexpected: readonly string[];
}

const clock = new NodeClock();

type Count = { -readonly [Kind in keyof Omit<ChurnFigures, "unexpected">]: number };

/** One place in the crowd: somebody is there at all times, and whoever goes is followed by another. */
async function place(
  company: Company,
  order: ChurnOrder,
  random: Random,
  count: Count,
  unexpected: string[],
) {
  const until = clock.now() + order.forMs;
  while (clock.now() < until) {
    // Half of them share the standing rooms; the others have rooms made for a few, which go with the last of these.
    const standing = order.paths[Math.floor(random() * order.paths.length)] ?? "";
    const path = random() < 0.5 ? standing : `/drill?series=${Math.floor(random() * SERIES)}`;
    let isOver = false;
    const player: DrillPlayer = new DrillPlayer(
      company,
      { path },
      {
        welcomed: () => {
          count.joined += 1;
        },
        returned: () => {
          count.returned += 1;
        },
        lost: (_player, why) => {
          if (!isOver) unexpected.push(why);
          isOver = true;
        },
      },
    );
    const stays = clock.now() + STAYS_MS * (0.5 + random());
    const kind = random();
    while (clock.now() < stays && !isOver) {
      await passing(STEP_MS);
      if (player.tick === 0) continue;
      const does = random();
      if (does < 0.3) {
        player.say("x".repeat(Math.floor(random() * 60)));
        count.messages += 1;
      } else if (does < 0.6) {
        player.ask(random(), 1);
        count.requests += 1;
      } else if (does < 0.9) {
        player.move(Math.floor(random() * 20) - 10);
        count.inputs += 1;
      }
    }
    if (!isOver && player.tick !== 0 && kind < 0.25) {
      count.cut += 1;
      player.cut();
      await passing(AWAY_MS * random());
      player.comeBack();
      await passing(AWAY_MS);
    } else if (!isOver && player.tick !== 0 && kind < 0.4) {
      count.stalled += 1;
      player.stopReading();
      await passing(STALLS_MS);
      player.readAgain();
      await passing(AWAY_MS);
    }
    isOver = true;
    // Some go without a word; their seat is kept for the grace period.
    if (random() < 0.7) {
      count.left += 1;
      player.leave();
      await passing(2 * STEP_MS);
    }
    player.cut();
  }
}

const calls = {
  async churn(order: ChurnOrder): Promise<ChurnFigures> {
    const company: Company = {
      port: order.port,
      hash: anyDrillGame.hash,
      acknowledgements: new Acknowledgements(HZ, (write) => clock.after(periodMs(HZ) / 2, write)),
    };
    const count: Count = {
      joined: 0,
      left: 0,
      cut: 0,
      returned: 0,
      stalled: 0,
      messages: 0,
      requests: 0,
      inputs: 0,
    };
    const unexpected: string[] = [];
    await Promise.all(
      Array.from({ length: order.players }, (_, i) =>
        place(company, order, seededRandom(order.seed + i), count, unexpected),
      ),
    );
    return { ...count, unexpected: unexpected.slice(0, 5) };
  },
};

export type ChurnCalls = typeof calls;

serveCalls(calls);
