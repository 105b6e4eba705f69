import { existsSync } from "node:fs";
import { Complaint } from "../../shared/complaint.ts";
import type { Peer } from "./peers.ts";

/** What is asked of a peer here. */
type Installable = Pick<Peer, "title" | "folder" | "entry">;

/**
 * These peers have their packages.
 *
 * @throws Complaint with the command that installs what is missing
 */
export function expectInstalled(peers: readonly Installable[]): void {
  const missing = peers.filter((peer) => !isInstalled(peer));
  const [first] = missing;
  if (first === undefined) return;
  const folders = [...new Set(missing.map(({ folder }) => folder))];
  throw new Complaint(
    existsSync(first.entry)
      ? `${first.title} is not installed: run "npm run bench:peers ${folders.join(" ")}".`
      : `${first.title} can be measured from a clone of the repository only.`,
  );
}

/** Whether a peer's packages are there. */
export function isInstalled({ entry }: Pick<Installable, "entry">): boolean {
  return existsSync(new URL("./node_modules", entry));
}
