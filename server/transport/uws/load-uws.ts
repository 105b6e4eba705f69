import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type AdaptedCopy, adaptedCopyOf } from "./adapted-copy.ts";
import type { Uws } from "./uws-binding.ts";
import { UwsLoadError } from "./uws-load-error.ts";

/** What decides about loading; a test brings its own. */
export interface UwsHost {
  readonly platform: string;
  readonly arch: string;
  /** Version of Node's binary interface, which the binaries are named for: 115 is Node 20. */
  readonly abi: string;
  readonly nodeVersion: string;
  /** `undefined` where the C library is not glibc. Asked only after a failure. */
  glibcVersion(): string | undefined;
  /** Path of the package's main file; throws where it is not installed. */
  resolve(): string;
  load(path: string): unknown;
  adaptedCopyOf(binary: string): AdaptedCopy;
}

/** A process holds one native module, however many servers run in it. */
let loaded: Uws | undefined;

/**
 * Loads uWebSockets.js into this process: as it is, or, where only the age of glibc stands against that, as
 * an adapted copy.
 *
 * @throws UwsLoadError with a sentence that says what to do.
 */
export function loadUws(): Uws {
  loaded ??= loadUwsOn(thisProcess());
  return loaded;
}

/** {@link loadUws} with its surroundings as an argument. */
export function loadUwsOn(host: UwsHost): Uws {
  const main = resolveMain(host);
  const attempted = attempt(host, main);
  if ("uws" in attempted) return attempted.uws;
  const binary = binaryFor(host, dirname(main));
  if (host.platform === "linux" && host.glibcVersion() === undefined) {
    throw new UwsLoadError(
      "musl",
      "uWebSockets.js does not support musl: use a Debian or Ubuntu image instead of Alpine.",
      attempted.error,
    );
  }
  if (host.platform !== "linux" || !asksForNewerGlibc(attempted.error))
    throw notLoadable(main, attempted.error);
  return loadAdapted(host, binary);
}

function resolveMain(host: UwsHost): string {
  try {
    return host.resolve();
  } catch (error) {
    throw new UwsLoadError("not-installed", "uWebSockets.js is not installed: run `npm install`.", error);
  }
}

function attempt(host: UwsHost, path: string): { uws: Uws } | { error: unknown } {
  try {
    return { uws: host.load(path) as Uws };
  } catch (error) {
    return { error };
  }
}

/** The file that the package's main file picks, by the same rule. */
function binaryFor(host: UwsHost, folder: string): string {
  const forPlatform = `uws_${host.platform}_${host.arch}_`;
  const binary = join(folder, `${forPlatform}${host.abi}.node`);
  if (existsSync(binary)) return binary;
  if (readdirSync(folder).some((file) => file.startsWith(forPlatform))) {
    throw new UwsLoadError(
      "unsupported-node",
      `uWebSockets.js has no binary for Node ${host.nodeVersion}: use Node 20, 22, 24 or 25.`,
    );
  }
  throw new UwsLoadError(
    "unsupported-platform",
    `uWebSockets.js has no binary for ${host.platform} on ${host.arch}: use Linux or macOS on x64 or arm64, ` +
      `or Windows on x64.`,
  );
}

function asksForNewerGlibc(error: unknown): boolean {
  return error instanceof Error && /version [`']GLIBC_2\.38' not found/.test(error.message);
}

function loadAdapted(host: UwsHost, binary: string): Uws {
  const copy = host.adaptedCopyOf(binary);
  try {
    return host.load(copy.path) as Uws;
  } catch (error) {
    throw new UwsLoadError(
      "not-loadable",
      `uWebSockets.js does not load with glibc ${host.glibcVersion()}: use an image with glibc 2.36 or newer ` +
        `(Debian 12, Ubuntu 24.04).`,
      error,
    );
  } finally {
    copy.release();
  }
}

function notLoadable(main: string, error: unknown): UwsLoadError {
  const said = error instanceof Error ? error.message : String(error);
  return new UwsLoadError(
    "not-loadable",
    `${main} does not load; install the package anew with \`npm ci\`. It says: ${said}`,
    error,
  );
}

function thisProcess(): UwsHost {
  const require = createRequire(import.meta.url);
  return {
    platform: process.platform,
    arch: process.arch,
    abi: process.versions.modules,
    nodeVersion: process.versions.node,
    glibcVersion,
    resolve: () => require.resolve("uWebSockets.js"),
    load: (path) => require(path) as unknown,
    adaptedCopyOf,
  };
}

function glibcVersion(): string | undefined {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime;
}
