import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { Complaint } from "../../shared/complaint.ts";

/** A project to be made. */
export interface Starter {
  /** What is copied. */
  readonly template: string;
  /** Where to: a folder that is empty or not there yet. */
  readonly folder: string;
  /** The project's name in its package.json. Default: the folder's. */
  readonly name?: string | undefined;
  /** Of the Tickcast that it depends on. */
  readonly version: string;
}

/** npm packs no `.gitignore`, so templates have these under other names. */
const RENAMED = { _gitignore: ".gitignore", _dockerignore: ".dockerignore" };

/** Where a repository was made first, or macOS has been. */
const NO_MATTER: ReadonlySet<string> = new Set([".git", ".DS_Store"]);

/** Names that npm takes for packages, without scopes. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,213}$/;
const RESERVED: ReadonlySet<string> = new Set(["node_modules", "favicon.ico", "tickcast"]);

/**
 * Copies the template into a new folder.
 *
 * @returns the project's folder and name
 * @throws Complaint for a folder that is not empty and for a name that npm would not take; then nothing was written
 */
export function makeStarter(starter: Starter): { readonly folder: string; readonly name: string } {
  const folder = resolve(starter.folder);
  const name = nameOf(starter, folder);
  refuseUsed(folder);
  mkdirSync(folder, { recursive: true });
  cpSync(starter.template, folder, { recursive: true });
  for (const [packed, own] of Object.entries(RENAMED)) renameSync(join(folder, packed), join(folder, own));
  const file = join(folder, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown> & {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const dependencies = { ...manifest.dependencies, tickcast: `^${starter.version}` };
  writeFileSync(file, `${JSON.stringify({ ...manifest, name, dependencies }, null, 2)}\n`);
  return { folder, name };
}

function nameOf({ name: given }: Starter, folder: string): string {
  const name = given ?? basename(folder);
  if (NAME.test(name) && !RESERVED.has(name)) return name;
  const whose = given === undefined ? `The folder's name "${name}"` : `"${name}"`;
  const wrong = RESERVED.has(name)
    ? "is taken: choose another name"
    : "is no name for a package: use lower-case letters, digits and hyphens, beginning with a letter or digit";
  throw new Complaint(`${whose} ${wrong}, as in --name ${suggestion(name)}.`);
}

/** The nearest name that npm would take. */
function suggestion(name: string): string {
  const near = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return near === "" || RESERVED.has(near) ? "my-game" : near;
}

function refuseUsed(folder: string): void {
  if (!existsSync(folder)) return;
  const shown = relative(".", folder) || "This folder";
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR")
      throw new Complaint(`${shown} is a file: name a new folder.`);
    throw error;
  }
  const there = names.filter((entry) => !NO_MATTER.has(entry));
  if (there.length === 0) return;
  const some = there.slice(0, 3).join(", ");
  throw new Complaint(
    `${shown} is not empty (there is ${some}${there.length > 3 ? ", …" : ""}): name a new folder, as in "tickcast init my-game".`,
  );
}
