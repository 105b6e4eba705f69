import { spawnSync } from "node:child_process";
import { availableParallelism, cpus, release } from "node:os";
import { fileURLToPath } from "node:url";
import type { Placement } from "../run/placement.ts";

/** Where figures come from: they mean little elsewhere. */
export interface MachineFacts {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly system: string;
  /** The commit that was measured, `+` behind it for one with changes; null outside of a repository. */
  readonly commit: string | null;
  readonly date: string;
  readonly placement: Placement;
}

/** The facts for a person, in a line. */
export function machineLine({ node, cpu, cores, commit, placement }: MachineFacts): string {
  const where = placement.pinned
    ? `server on core ${placement.serverCore}, load on core ${placement.loadCore}`
    : "not pinned";
  return [`Node ${node}`, `${cpu} × ${cores}`, where, ...(commit === null ? [] : [commit])].join(" · ");
}

export function processorModel(): string {
  return cpus()[0]?.model.trim() ?? "unknown";
}

export function machineFacts(placement: Placement, now: Date): MachineFacts {
  return {
    node: process.version,
    cpu: processorModel(),
    cores: availableParallelism(),
    system: `${process.platform} ${release()} ${process.arch}`,
    commit: commit(),
    date: now.toISOString(),
    placement,
  };
}

function commit(): string | null {
  const head = git("rev-parse", "--short=12", "HEAD");
  if (head === undefined) return null;
  return git("status", "--porcelain", "--untracked-files=no") === "" ? head : `${head}+`;
}

function git(...words: readonly string[]): string | undefined {
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const { status, stdout } = spawnSync("git", words, { cwd, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}
