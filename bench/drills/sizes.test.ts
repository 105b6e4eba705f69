import { expect, test } from "vitest";
import { Complaint } from "../../shared/complaint.ts";
import { drills } from "./catalogue.ts";
import { drillsWith, refuseForeignSizes } from "./sizes.ts";

test("[DRL-12] a size that none of the drills has is refused in a sentence", () => {
  expect(() => refuseForeignSizes(["soak"], { connections: 4 })).toThrow(
    new Complaint(
      "--connections is of connect-storm: leave it out, for soak has --players, --minutes, --seed.",
    ),
  );
  expect(() => refuseForeignSizes(["clock-jumps"], { seed: 1 })).toThrow(
    new Complaint("--seed is of fuzz-sockets and soak: leave it out, for clock-jumps has no sizes."),
  );
});

test("[DRL-12] a size that one of the drills has is taken", () => {
  refuseForeignSizes(["soak"], { players: 4, minutes: 1, seed: 0 });
  refuseForeignSizes(["soak", "connect-storm"], { connections: 4 });
  refuseForeignSizes(Object.keys(drills), { connections: 4, players: 4, minutes: 1, messages: 100, seed: 1 });
});

test("[DRL-12] every drill that has a size is one that there is", () => {
  for (const name of Object.values(drillsWith).flat()) expect(Object.keys(drills)).toContain(name);
});
