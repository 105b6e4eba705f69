import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeStarter } from "../../server/command/starter.ts";
import { changed, type Step } from "./guide-page.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const BINARY = join(root, "bin/launcher.js");
const SERVES = /^Tickcast serves .* at (http:\/\/\S+)$/m;
const PACKAGES = ["@types/node", "typescript", "valibot", "vite", "vitest"];

/** A started server of a project. */
export interface Serving {
  readonly url: URL;
  /** Settles with the exit code and what was said. */
  stop(): Promise<{ readonly code: number | null; readonly said: string }>;
}

/** A newcomer's project in a folder of its own, with this repository's build and packages in place of installed ones. */
export class LinkedProject {
  readonly folder: string;
  readonly #children = new Set<ChildProcess>();

  /** @param libraries a `node_modules` with what recipes need besides */
  constructor(libraries?: { readonly folder: string; readonly names: readonly string[] }) {
    const parent = mkdtempSync(join(tmpdir(), "tickcast-guide-"));
    this.folder = join(parent, "meadow");
    makeStarter({ template: join(root, "templates/starter"), folder: this.folder, version: "0.0.0" });
    const link = (target: string, name: string): void => {
      const path = join(this.folder, "node_modules", name);
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync(target, path, "junction");
    };
    link(root, "tickcast");
    // Where npx looks for what a package runs.
    link(join(root, "node_modules/.bin"), ".bin");
    for (const name of PACKAGES) link(join(root, "node_modules", name), name);
    for (const name of libraries?.names ?? []) link(join(libraries?.folder ?? "", name), name);
  }

  read(path: string): string | undefined {
    const file = join(this.folder, path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  /** Does what a page says of a file. */
  apply(step: Extract<Step, { readonly path: string }>): void {
    const file = join(this.folder, step.path);
    const before = this.read(step.path);
    if (step.kind === "change") {
      if (before === undefined) throw new Error(`line ${step.line}: there is no ${step.path} to change`);
      try {
        writeFileSync(file, changed(before, step.code));
      } catch (error) {
        throw new Error(`line ${step.line}, ${step.path}: ${error instanceof Error ? error.message : error}`);
      }
      return;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, step.code);
  }

  delete(path: string): void {
    rmSync(join(this.folder, path));
  }

  /** What `npm run build` does. Settles with what was wrong, or nothing. */
  async build(): Promise<string> {
    const types = await this.run(join(root, "node_modules/typescript/bin/tsc"), "-b");
    if (types.code !== 0) return types.said;
    const page = await this.run(
      join(root, "node_modules/vite/bin/vite.js"),
      "build",
      "--logLevel",
      "error",
      "page",
    );
    return page.code === 0 ? page.said.trim() : `vite ended with ${page.code}: ${page.said}`;
  }

  /** What `npm test` does. */
  test(): Promise<{ readonly code: number | null; readonly said: string }> {
    return this.run(join(root, "node_modules/vitest/vitest.mjs"), "run", "--dir", "src");
  }

  /** `tickcast` with arguments, to its end. */
  tickcast(...args: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> {
    return this.run(BINARY, ...args);
  }

  /** Runs a program of Node in the project, to its end. */
  async run(
    program: string,
    ...args: readonly string[]
  ): Promise<{ readonly code: number | null; readonly said: string }> {
    const { child, said } = this.#begin(program, args);
    const [code] = (await once(child, "close")) as [number | null];
    return { code, said: said() };
  }

  /** What `npm start` does, on a free port. */
  serve(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Serving> {
    return this.#serving(["start", "dist/app.js", "--port", "0", ...args], env);
  }

  /**
   * What `npm run dev` does behind its build.
   *
   * @param port default: a free one
   * @param heard told all that was said so far, whenever something is
   */
  develop(port = 0, heard?: (said: string) => void): Promise<Serving> {
    return this.#serving(["dev", "--page", "page", "dist/app.js", "--port", String(port)], {}, heard);
  }

  async #serving(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    heard: (said: string) => void = () => {},
  ): Promise<Serving> {
    const { child, said } = this.#begin(BINARY, args, env);
    const ended = once(child, "close").then(([code]) => code as number | null);
    const url = await new Promise<string>((resolve, reject) => {
      child.stderr?.on("data", () => heard(said()));
      child.stdout?.on("data", () => {
        const address = SERVES.exec(said())?.[1];
        if (address !== undefined) resolve(address);
      });
      void ended.then(() => reject(new Error(`the server ended: ${said()}`)));
    });
    return {
      url: new URL(url),
      stop: async () => {
        child.kill("SIGTERM");
        return { code: await ended, said: said() };
      },
    };
  }

  remove(): void {
    for (const child of this.#children) child.kill("SIGKILL");
    rmSync(dirname(this.folder), { recursive: true });
  }

  #begin(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_|PORT$|HOST$|TICKCAST_)/.test(name)),
    );
    const child = spawn(process.execPath, [program, ...args], {
      cwd: this.folder,
      env: { ...inherited, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#children.add(child);
    child.once("close", () => this.#children.delete(child));
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    return { child, said: () => said };
  }
}
