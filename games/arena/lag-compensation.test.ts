import { afterEach, expect, test } from "vitest";
import { ClientFrame } from "../../shared/protocol/frames.ts";
import { type Hosted, host } from "../../tests/server-kit/hosted.ts";
import { arena, type Ship } from "./arena.ts";
import { GHOST_TICKS } from "./combat.ts";
import { arenaRoom } from "./room.ts";
import { SHIP_SPEED } from "./step.ts";

const PER_TICK = SHIP_SPEED / arena.spec.tickRate;
const ADA = { x: 2000, y: 2000 };

let hosted: Hosted | undefined;
afterEach(async () => {
  expect(hosted?.failedHooks).toEqual([]);
  await hosted?.stop();
});

/** The way of a target, right in front of Ada's gun: it crosses her line of fire in tick `at`, at full speed. */
const crossing = (at: number) => (tick: number) => ({ x: ADA.x + 80, y: ADA.y + (tick - at) * PER_TICK });

/**
 * Ada fires along the x axis in tick `shotAt`, seeing the room as of `viewTick`; says what the target has left.
 *
 * @param life the target's when the bullet flies
 * @param backSince when the target came back from the dead
 */
async function shoot(
  wayOf: (tick: number) => { x: number; y: number },
  shotAt: number,
  viewTick: number,
  life: Ship["life"] = "alive",
  backSince = shotAt - 10,
): Promise<number> {
  hosted = await host([arenaRoom]);
  const ada = await hosted.join("/arena", arena as never, { name: "Ada" });
  await hosted.join("/arena", arena as never, { name: "Bob" });
  const room = hosted.room();
  const shipOf = (id: number) => room.state.find("players", id) as unknown as Ship;
  const [shooter, target] = [shipOf(1), shipOf(2)];
  Object.assign(shooter, ADA, { life: "alive" });
  while (room.tick < shotAt + 3) {
    if (room.tick === shotAt - 8) ada.send([ClientFrame.input, shotAt, viewTick, null, 0, true, false]);
    Object.assign(target, wayOf(room.tick + 1), {
      life: room.tick + 1 > shotAt ? life : "alive",
      respawnAt: backSince + GHOST_TICKS,
    });
    await hosted.ticks(1);
  }
  return target.hp;
}

/** Nobody is a ghost any more, and there is a past. */
const SHOT = GHOST_TICKS + 20;

test("[ARE-34] a target that crossed the shooter's view is hit where it was under the crosshair", async () => {
  expect(await shoot(crossing(SHOT - 5), SHOT, SHOT - 5)).toBeLessThan(100);
});

test("[ARE-34] the same shot at what is there alone misses", async () => {
  expect(await shoot(crossing(SHOT - 5), SHOT, SHOT)).toBe(100);
});

test("[ARE-34] what the shooter did not see in the way is not struck, though it is there now", async () => {
  expect(await shoot(crossing(SHOT), SHOT, SHOT - 5)).toBe(100);
});

test("[ARE-34] without lag a shot strikes what is there, as ever", async () => {
  expect(await shoot(crossing(SHOT), SHOT, SHOT)).toBeLessThan(100);
});

test("[ARE-34] between two ticks the target is where it was drawn", async () => {
  // Half a tick either side of the edge of a hit: 29 units are just under two ticks of way.
  expect(await shoot(crossing(SHOT - 3.5), SHOT, SHOT - 3.5)).toBeLessThan(100);
  await hosted?.stop();
  expect(await shoot(crossing(SHOT - 3.5), SHOT, SHOT - 8)).toBe(100);
});

test("[ARE-34] who claims to see an older world than half a second ago gains nothing", async () => {
  expect(await shoot(crossing(SHOT - 14), SHOT, SHOT - 14)).toBe(100);
  await hosted?.stop();
  expect(await shoot(crossing(SHOT - 10), SHOT, -1e9)).toBeLessThan(100);
});

test.each(["ghost", "away"] as const)(
  "[ARE-34] one who is %s now is not hurt, wherever they were",
  async (life) => {
    expect(await shoot(crossing(SHOT - 5), SHOT, SHOT - 5, life)).toBe(100);
  },
);

test("[ARE-34] who is back since is not struck where they fell", async () => {
  const fell = { x: ADA.x + 80, y: ADA.y };
  // Back in the tick of the shot, elsewhere or, by chance, not far away.
  for (const spawn of [
    { x: 500, y: 500 },
    { x: ADA.x + 80, y: ADA.y + 90 },
  ]) {
    expect(await shoot((tick) => (tick < SHOT ? fell : { ...spawn }), SHOT, SHOT - 5, "alive", SHOT)).toBe(
      100,
    );
    await hosted?.stop();
  }
});
