import { describe, expect, test } from "vitest";
import { Lineage } from "./lineage.ts";

const lineage = new Lineage(30, [
  { timeline: 0, tick: 100, kind: "exact" },
  { timeline: 10, tick: 150, kind: "running" },
  { timeline: 20, tick: 300, kind: "exact" },
]);

describe("[CKP-13] a timeline knows those that it comes from", () => {
  test("one of the same has nowhere to go", () => {
    expect(lineage.from(30, 400)).toBeUndefined();
    expect(new Lineage().from(0, 7)).toBeUndefined();
  });

  test("what came after the last tick that counts is undone", () => {
    expect(lineage.from(20, 300)).toEqual({ base: 300, isUndone: false, forgetsCalls: false });
    expect(lineage.from(20, 301)).toEqual({ base: 300, isUndone: true, forgetsCalls: false });
    expect(lineage.from(10, 151)).toEqual({ base: 150, isUndone: true, forgetsCalls: true });
    expect(lineage.from(10, 149)).toEqual({ base: 149, isUndone: false, forgetsCalls: true });
  });

  test("calls may be forgotten wherever one of those in between was not exact", () => {
    expect(lineage.from(0, 90)).toEqual({ base: 90, isUndone: false, forgetsCalls: true });
  });

  test("one that nobody knows is sent back to where the last one ended", () => {
    expect(lineage.from(25, 310)).toEqual({ base: 300, isUndone: true, forgetsCalls: true });
    expect(new Lineage().from(5, 9)).toEqual({ base: 0, isUndone: true, forgetsCalls: true });
  });

  test("one that could save nothing went no further along than those that followed it, however much they saved", () => {
    expect(lineage.from(15, 200)).toEqual({ base: 150, isUndone: true, forgetsCalls: true });
    expect(lineage.from(5, 120)).toEqual({ base: 100, isUndone: true, forgetsCalls: true });
    expect(lineage.from(5, 90)).toEqual({ base: 90, isUndone: false, forgetsCalls: true });
  });

  test("only the last 32 are known", () => {
    const many = Array.from({ length: 40 }, (_, n) => ({ timeline: n, tick: n, kind: "exact" as const }));
    const last = new Lineage(99, many);
    expect(last.ancestors).toHaveLength(32);
    expect(last.from(3, 3)).toMatchObject({ base: 3, isUndone: false });
    expect(last.from(3, 11)).toMatchObject({ base: 8, isUndone: true });
  });
});
