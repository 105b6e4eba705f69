import { describe, expect, test } from "vitest";
import { Complaint } from "../../shared/complaint.ts";
import { plain } from "../report/paint.ts";
import { machine } from "../report/run.fixture.ts";
import { codecText } from "./codec-report.ts";
import { codecTasks } from "./codec-tasks.ts";
import { measureCodec } from "./measure-codec.ts";
import { loadTinybench } from "./tinybench.ts";

describe("the codec benchmark", () => {
  test("[BEN-61] times steps that do what they are to do", () => {
    const tasks = new Map(codecTasks(30).map((task) => [task.name, task.run]));
    const call = (name: string): unknown => tasks.get(name)?.();
    expect([...tasks.keys()]).toEqual(["diff", "encode", "decode", "apply", "scan"]);
    // Each call of diff is a tick in which every row changes: id, header and three values of each.
    const [, tick, base, parts] = call("diff") as [number, number, number, [number, number[]]];
    expect([tick - base, parts[0], parts[1].length]).toEqual([1, 0, 30 * 5]);
    const frames = new Set<string>();
    for (let i = 0; i < 62; i++) frames.add(Buffer.from(call("encode") as Uint8Array).toString("hex"));
    expect(frames.size).toBe(31);
    const [type] = call("decode") as [number];
    expect(type).toBe(4);
    expect(call("scan")).toBe(1000);
  });

  test("[BEN-62] tells each step's time, in a table", async () => {
    const tasks = await measureCodec({ rows: [5], seconds: 0.01 }, () => {});
    const names = ["diff", "encode", "decode", "apply", "scan", "checkpoint"];
    expect(tasks.map(({ name }) => name)).toEqual(names);
    for (const { medianUs, p99Us, samples } of tasks) {
      expect(medianUs).toBeGreaterThan(0);
      expect(p99Us).toBeGreaterThanOrEqual(medianUs);
      expect(samples).toBeGreaterThan(1);
    }
    const text = codecText({ scenario: "codec", tasks, failures: [], machine }, plain);
    expect(text).toMatch(/diff +5 +\d+\.\d\d +/);
  });

  test("[BEN-128] where tinybench is missing or another version, a sentence says how to install it", async () => {
    const missing = Object.assign(new Error("no package"), { code: "ERR_MODULE_NOT_FOUND" });
    const failure = await loadTinybench(() => Promise.reject(missing)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Complaint);
    expect(String(failure)).toContain("npm install --save-dev tinybench@^6");
    // As of version 2, which a test runner may bring along: its tasks have no state.
    class Older {
      add(): void {}
      async run(): Promise<void> {}
      getTask() {
        return { result: { mean: 1 } };
      }
    }
    const old = await loadTinybench(async () => ({ Bench: Older as never })).catch((error: unknown) => error);
    expect(old).toBeInstanceOf(Complaint);
    expect(String(old)).toContain("npm install --save-dev tinybench@^6");
    await expect(loadTinybench(() => Promise.reject(new SyntaxError("x")))).rejects.toThrow(SyntaxError);
  });
});
