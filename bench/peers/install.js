/** Installs the packages of the peers, all or those that are named: `npm run bench:peers -- ws colyseus`. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const known = readdirSync(here).filter((name) => existsSync(`${here}${name}/package-lock.json`));
const wanted = process.argv.length > 2 ? process.argv.slice(2) : known;
const unknown = wanted.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  console.error(`There is no peer "${unknown.join('", "')}"; there is ${known.join(", ")}.`);
  process.exit(1);
}

for (const name of wanted) {
  console.log(`${name}:`);
  // Nothing that is installed needs to run anything: what is native comes built.
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: `${here}${name}`,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}
