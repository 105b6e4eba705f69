import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * The packed file that this Tickcast was installed from, as by `npm exec --package=tickcast-0.1.0.tgz`: a project that it
 * makes installs from there, since the registry may have no such version.
 *
 * @param packageFolder where Tickcast is installed, within a `node_modules`
 * @returns an absolute path; `undefined` where it came from a registry, or is no installed package
 */
export function installedFrom(packageFolder: string): string | undefined {
  const modules = dirname(resolve(packageFolder));
  let resolved: unknown;
  try {
    const lock = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8")) as {
      readonly packages?: Readonly<Record<string, { readonly resolved?: unknown } | undefined>>;
    };
    resolved = lock.packages?.["node_modules/tickcast"]?.resolved;
  } catch {
    // No npm, or one that keeps no such file.
    return undefined;
  }
  if (typeof resolved !== "string" || !/^file:.*\.t(ar\.)?gz$/.test(resolved)) return undefined;
  return resolve(dirname(modules), resolved.slice("file:".length));
}
