import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("the README's first game is the one that is type-checked and run here", () => {
  const code = /```ts\n(.*?)```/s.exec(read("../../README.md"))?.[1];
  expect(code).toBe(read("./first-game.ts"));
});

test("the README's first game runs: a player walks, and sees it", async () => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const { room, server } = await import("./first-game.ts");
  await new Promise<void>((walked) => {
    room.state.players.onChange((row) => {
      if (row.x > 1) walked();
    });
  });
  await room.leave();
  await server.stop();
  vi.restoreAllMocks();
  expect(lines[0]).toMatch(/^tick \d+: x = 0\.5$/);
});

test("the README's commands are scripts of the package", () => {
  const { scripts } = JSON.parse(read("../../package.json")) as { scripts: Record<string, string> };
  const named = [
    ...read("../../README.md").matchAll(/npm (?:run )?(start|test|bots|bench|dev|build|check)\b/g),
  ];
  expect(named.length).toBeGreaterThan(4);
  for (const [, name] of named) expect(scripts).toHaveProperty(name ?? "");
});
