import { createHash, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { adaptToOlderGlibc } from "./glibc-adaptation.ts";
import { ADAPTED_SHA256 } from "./known-binaries.ts";
import { UwsLoadError } from "./uws-load-error.ts";

export interface AdaptedCopyPlaces {
  /** Kept from one start to the next; `undefined` where there is no `node_modules`. */
  readonly cacheFolder: string | undefined;
  /** Where a fresh private folder is made if the cache folder cannot be written. */
  readonly temporaryFolder: string;
}

/** A file to load. `release` deletes what is not worth keeping; a loaded library does not miss its file. */
export interface AdaptedCopy {
  readonly path: string;
  release(): void;
}

/**
 * A copy of a known binary that loads on a glibc older than 2.38. A cached one is used only if it is, byte for
 * byte, what the adaptation yields.
 *
 * @throws UwsLoadError `unknown-binary` if the file is not one that this was tried with, `no-cache-folder` if
 * no folder can be written.
 */
export function adaptedCopyOf(
  original: string,
  places: AdaptedCopyPlaces = defaultPlaces(original),
): AdaptedCopy {
  const bytes = readFileSync(original);
  const wanted = ADAPTED_SHA256.get(sha256(bytes));
  if (wanted === undefined) {
    throw new UwsLoadError(
      "unknown-binary",
      `uWebSockets.js needs glibc 2.38 here, and ${original} is not a binary that can be adapted to an older ` +
        `one: use an image with glibc 2.38 or newer, or install the version of uWebSockets.js that this ` +
        `package names.`,
    );
  }
  const name = `${basename(original, ".node")}-${wanted.slice(0, 16)}.node`;
  const cached = places.cacheFolder === undefined ? undefined : join(places.cacheFolder, name);
  if (cached !== undefined && isIntact(cached, wanted)) return { path: cached, release: () => {} };

  const adapted = adaptToOlderGlibc(bytes);
  if (sha256(adapted) !== wanted) {
    throw new UwsLoadError("unknown-binary", `Adapting ${original} did not give the expected bytes.`);
  }
  return write(adapted, name, places);
}

/** Beside the package for as long as that is installed, as other tools keep what they derive. */
function defaultPlaces(original: string): AdaptedCopyPlaces {
  let folder = dirname(original);
  while (basename(folder) !== "node_modules" && dirname(folder) !== folder) folder = dirname(folder);
  const found = basename(folder) === "node_modules";
  return {
    cacheFolder: found ? join(folder, ".cache", "tickcast") : undefined,
    temporaryFolder: tmpdir(),
  };
}

function write(adapted: Uint8Array, name: string, places: AdaptedCopyPlaces): AdaptedCopy {
  const failures: unknown[] = [];
  if (places.cacheFolder !== undefined) {
    try {
      mkdirSync(places.cacheFolder, { recursive: true, mode: 0o755 });
      const path = join(places.cacheFolder, name);
      writeAtomically(path, adapted);
      return { path, release: () => {} };
    } catch (error) {
      failures.push(error);
    }
  }
  try {
    const folder = mkdtempSync(join(places.temporaryFolder, "tickcast-"));
    const path = join(folder, name);
    writeAtomically(path, adapted);
    return { path, release: () => rmSync(folder, { recursive: true, force: true }) };
  } catch (error) {
    failures.push(error);
  }
  throw new UwsLoadError(
    "no-cache-folder",
    `uWebSockets.js needs a copy adapted to this system's glibc, and neither ${places.cacheFolder ?? "node_modules"} ` +
      `nor ${places.temporaryFolder} can be written: make one of them writable, or use an image with glibc 2.38 ` +
      `or newer.`,
    new AggregateError(failures),
  );
}

/** Servers that start together each write a file of their own; whoever renames last wins, with the same bytes. */
function writeAtomically(path: string, bytes: Uint8Array): void {
  const unfinished = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    writeFileSync(unfinished, bytes, { flag: "wx", mode: 0o600 });
    chmodSync(unfinished, 0o555);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function isIntact(path: string, wanted: string): boolean {
  try {
    return sha256(readFileSync(path)) === wanted;
  } catch (error) {
    // Absent or unreadable: it is written anew, and what fails then is reported.
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
