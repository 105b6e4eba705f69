import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { AnyReport, Outcome } from "./collection.ts";
import type { Step } from "./plan.ts";

const PROGRAM = fileURLToPath(new URL("../../bin/tickcast.js", import.meta.url));

/** Of what a command says to stderr, so much of the end is kept. */
const KEPT_CHARACTERS = 2000;

/**
 * Runs a step as the command that repeats it, in a process of its own: one that breaks takes no other with it.
 * Never rejects.
 *
 * @param file where its report goes
 */
export async function runStep(step: Step, file: string, signal: AbortSignal): Promise<Outcome> {
  // One of an earlier run would pass for this one's.
  await rm(file, { force: true });
  const child = spawn(process.execPath, [PROGRAM, "bench", ...step.words, "--json", file], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  // A terminal interrupts both; being told by anybody else, this one passes it on.
  const pass = (): void => void (signal.reason === "SIGTERM" && child.kill("SIGTERM"));
  signal.addEventListener("abort", pass, { once: true });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = `${said}${text}`.slice(-KEPT_CHARACTERS);
  });
  try {
    const [code] = (await once(child, "close")) as [number | null];
    const report = await reportIn(file);
    return report === undefined
      ? { kind: "none", why: said.trim().split("\n").at(-1) || `the command ended with code ${code}` }
      : { kind: "report", report };
  } catch (error) {
    return { kind: "none", why: error instanceof Error ? error.message : String(error) };
  } finally {
    signal.removeEventListener("abort", pass);
  }
}

async function reportIn(file: string): Promise<AnyReport | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as AnyReport;
  } catch {
    return undefined;
  }
}
