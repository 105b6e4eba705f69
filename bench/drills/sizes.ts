import { Complaint } from "../../shared/complaint.ts";
import type { Sizes } from "./drill.ts";

/** The drills that have each size. */
export const drillsWith: Readonly<Record<keyof Sizes, readonly string[]>> = {
  connections: ["connect-storm"],
  players: ["reconnect-storm", "soak"],
  minutes: ["soak"],
  messages: ["fuzz-sockets"],
  seed: ["fuzz-sockets", "soak"],
};

const sizeNames = Object.keys(drillsWith) as (keyof Sizes)[];

/** @throws Complaint where a size was given that none of the drills has */
export function refuseForeignSizes(drills: readonly string[], sizes: Sizes): void {
  for (const size of sizeNames) {
    const having = drillsWith[size];
    if (sizes[size] === undefined || having.some((name) => drills.includes(name))) continue;
    const own = sizeNames.filter((each) => drillsWith[each].some((name) => drills.includes(name)));
    const options = own.length === 0 ? "has no sizes" : `has ${own.map((each) => `--${each}`).join(", ")}`;
    throw new Complaint(
      `--${size} is of ${having.join(" and ")}: leave it out, for ${drills.join(" with ")} ${options}.`,
    );
  }
}
