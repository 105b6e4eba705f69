import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type PeerName, peers } from "../peers/peers.ts";

/** The package itself, seen from the build. */
const OWN = fileURLToPath(new URL("../../../package.json", import.meta.url));

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The releases that were measured: Tickcast, uWebSockets.js, and the packages of the peers that are asked for. */
export function measuredVersions(against: readonly PeerName[]): Record<string, string> {
  const folders = new Set(against.map((name) => dirname(fileURLToPath(peers[name].entry))));
  const found = [
    ["Tickcast", manifest(OWN)?.version],
    ["uWebSockets.js", installed("uWebSockets.js")],
    ...[...folders].flatMap((folder) =>
      Object.keys(manifest(join(folder, "package.json"))?.dependencies ?? {}).map((name) => [
        name,
        manifest(join(folder, "node_modules", name, "package.json"))?.version,
      ]),
    ),
  ];
  return Object.fromEntries(found.filter(([, version]) => version !== undefined));
}

function installed(name: string): string | undefined {
  // Packages may export nothing but their code, so their manifest is found from it.
  let folder = dirname(createRequire(import.meta.url).resolve(name));
  while (dirname(folder) !== folder) {
    const { version } = manifest(join(folder, "package.json")) ?? {};
    if (version !== undefined) return version;
    folder = dirname(folder);
  }
  return undefined;
}

function manifest(file: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}
