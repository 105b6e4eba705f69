import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The package as npm would publish it, of what is built. */
export interface Tarball {
  readonly path: string;
  /** Paths in the package. */
  readonly files: readonly string[];
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Unpacks it, once, and says where. */
  unpack(): string;
  remove(): void;
}

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs this repository into a folder of its own. Its scripts do not run: build it before. */
export function packTarball(): Tarball {
  const folder = mkdtempSync(join(tmpdir(), "tickcast-pack-"));
  const told = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const packed = firstOf(JSON.parse(told) as readonly Packed[] | Readonly<Record<string, Packed>>);
  const path = join(folder, packed.filename);
  const unpacked = join(folder, "unpacked");
  return {
    path,
    files: packed.files.map((file) => file.path),
    packedBytes: packed.size,
    unpackedBytes: packed.unpackedSize,
    unpack: () => {
      mkdirSync(unpacked, { recursive: true });
      execFileSync("tar", ["-xzf", path, "-C", unpacked, "--strip-components=1"]);
      return unpacked;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** npm 11 lists what it packed, npm 12 names it. */
function firstOf(told: readonly Packed[] | Readonly<Record<string, Packed>>): Packed {
  const [packed] = Object.values(told);
  if (packed === undefined) throw new Error("npm packed nothing");
  return packed;
}
