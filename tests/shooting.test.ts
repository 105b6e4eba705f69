import { expect, test } from "vitest";
import { connectWith } from "../client/connect.ts";
import { arena, type Ship } from "../games/arena/arena.ts";
import { BULLET_SPEED, MUZZLE } from "../games/arena/bullets.ts";
import { arenaRoom } from "../games/arena/room.ts";
import { SHIP_SPEED } from "../games/arena/step.ts";
import { seededRandom } from "../shared/random/seeded-random.ts";
import { host } from "./server-kit/hosted.ts";
import { openLinkedSocket } from "./server-kit/linked-socket.ts";

const TICK_MS = 50;
/** Open ground: the shooter looks along the x axis at somebody who goes up and down before them. */
const SHOOTER = { x: 1850, y: 2000 };
const TARGET_X = 2130;
const TURNS_AT = 140;
/** Units that the target has left to go when a shot at it is fired: it does not turn while the bullet flies. */
const WAY_LEFT = 200;
const SHOTS = 40;

interface Drawn {
  readonly x: number;
  readonly y: number;
}

/** The direction in which a bullet meets what is drawn at `from`, going at `speed` along the y axis. */
function aimAt(own: Drawn, target: Drawn, speed: number): number {
  let aim = Math.atan2(target.y - own.y, target.x - own.x);
  let y = target.y;
  // Where it is by then says how long the bullet takes, and that where it is: a few rounds agree.
  for (let round = 0; round < 8; round++) {
    const seconds = (Math.hypot(target.x - own.x, y - own.y) - MUZZLE) / BULLET_SPEED;
    y = target.y + speed * seconds;
    aim = Math.atan2(y - own.y, target.x - own.x);
  }
  return aim;
}

test.each([60, 144])(
  "[ARE-36] over 150 ms ± 30 ms, who is under the crosshair on the shooter's screen is hit (%d frames a second)",
  async (framesPerSecond) => {
    const hosted = await host([arenaRoom]);
    const { clock, transport } = hosted;
    const parts = { clock, random: seededRandom(3), conditions: { latencyMs: 75, jitterMs: 30 } };
    const far = connectWith({ openSocket: openLinkedSocket(transport, parts, () => {}), clock });
    const joining = far.connect(arena, "ws://memory/arena", { name: "Ada" });
    await hosted.run(1_000);
    const ada = await joining;
    const near = connectWith({
      openSocket: openLinkedSocket(transport, { clock, random: seededRandom(4) }, () => {}),
      clock,
    });
    const arriving = near.connect(arena, "ws://memory/arena", { name: "Bob" }, { predict: false });
    await hosted.run(200);
    const bob = await arriving;
    const shipOf = (id: number) => hosted.room().state.find("players", id) as unknown as Ship;
    const [shooter, target] = [shipOf(ada.me?.id ?? 0), shipOf(bob.me?.id ?? 0)];
    Object.assign(shooter, SHOOTER);
    Object.assign(target, { x: TARGET_X, y: 2000 });
    ada.send("view", { shape: "wide" });
    let heading = Math.PI / 2;
    let seenAt = 0;
    let [hits, shots, firesAt, releasesAt] = [0, 0, Number.POSITIVE_INFINITY, 0];
    ada.on("hit", ({ by }) => {
      if (by?.id === ada.me?.id) hits += 1;
    });
    // Past what makes newcomers untouchable; clock, timeline and view know the way by then.
    const begins = clock.now() + 4_000;
    while (shots < SHOTS) {
      await hosted.run(1000 / framesPerSecond);
      target.hp = 100;
      shooter.weapon = "single";
      if (target.y > 2000 + TURNS_AT) heading = -Math.PI / 2;
      if (target.y < 2000 - TURNS_AT) heading = Math.PI / 2;
      bob.input({ move: heading });
      const view = ada.view();
      const seen = view.state.players.get(target.id);
      const { me } = view;
      if (clock.now() < begins || seen === undefined || me === undefined) continue;
      if (firesAt === Number.POSITIVE_INFINITY) firesAt = clock.now();
      if (clock.now() >= releasesAt) ada.input({ fire: false });
      // Somewhere in a tick, and only at who does not turn meanwhile, as it is drawn.
      const goesDown = seen.y > seenAt;
      seenAt = seen.y;
      const left = goesDown ? 2000 + TURNS_AT - seen.y : seen.y - (2000 - TURNS_AT);
      if (clock.now() < firesAt || left < WAY_LEFT) continue;
      ada.input({ aim: aimAt(me, seen, goesDown ? SHIP_SPEED : -SHIP_SPEED), fire: true });
      shots += 1;
      firesAt = clock.now() + 1_000 + 37 * (shots % 9);
      releasesAt = clock.now() + TICK_MS;
    }
    await hosted.run(TICK_MS);
    ada.input({ fire: false });
    await hosted.run(2_000);
    console.info(`${hits} of ${shots} shots hit at ${framesPerSecond} frames a second`);
    expect(hits).toBe(shots);
    await hosted.stop();
  },
);
