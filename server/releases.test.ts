import { describe, expect, test } from "vitest";
import { Releases } from "./releases.ts";

describe("[OPS-55] what was begun", () => {
  test("is ended once, the latest first, one after the other", async () => {
    const releases = new Releases();
    const ended: string[] = [];
    releases.add(() => void ended.push("first"));
    releases.add(async () => {
      await Promise.resolve();
      ended.push("second");
    });
    await releases.release();
    expect(ended).toEqual(["second", "first"]);
    await releases.release();
    expect(ended).toHaveLength(2);
  });

  test("has ended for all who ask, whoever was first", async () => {
    const releases = new Releases();
    let end = (): void => {};
    const said: string[] = [];
    releases.add(() => new Promise<void>((resolve) => (end = resolve)));
    const both = [1, 2].map((name) => releases.release().then(() => said.push(`${name}`)));
    await Promise.resolve();
    await Promise.resolve();
    expect(said).toEqual([]);
    end();
    await Promise.all(both);
    expect(said).toEqual(["1", "2"]);
  });

  test("is all ended, also where one throws", async () => {
    const releases = new Releases();
    const ended: string[] = [];
    releases.add(() => void ended.push("first"));
    releases.add(() => {
      throw new Error("stuck");
    });
    await expect(releases.release()).rejects.toThrow("stuck");
    expect(ended).toEqual(["first"]);
  });
});
