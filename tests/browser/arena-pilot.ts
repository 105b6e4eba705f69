import { inSight, type Point } from "../../games/arena/world.ts";
import { nextPoint } from "./route.ts";
import type { Visitor } from "./visitor.ts";

/** Keys by what they do to a coordinate. */
const KEYS = { x: ["KeyA", "KeyD"], y: ["KeyW", "KeyS"] } as const;
/** Nearer than this two ships hardly miss each other. */
const SHOOTING_DISTANCE = 130;
const MOST_TICKS = 800;
/** Nearer than this along an axis, its key stays up: one tick would lead beyond. */
const KEY_DISTANCE = 8;

/** Plays the arena by keys and mouse, and knows of it what the page tells: the stream inspector says where one is. */
export class ArenaPilot {
  readonly visitor: Visitor;

  constructor(visitor: Visitor) {
    this.visitor = visitor;
  }

  async join(name: string, path = "/"): Promise<void> {
    await this.visitor.goTo(path);
    await this.visitor.page.locator("#join-name").fill(name);
    await this.visitor.page.locator("#join-form button[type=submit]").click();
    await this.plays();
  }

  async plays(): Promise<void> {
    const { page } = this.visitor;
    await page.locator("#hud").waitFor({ state: "visible" });
    await page.waitForFunction(() => document.body.dataset.connection === "playing");
  }

  async openInspector(): Promise<void> {
    const { page } = this.visitor;
    if (await page.locator("#inspector").isHidden()) await page.locator("#inspector-button").click();
    await this.visitor.sees("#inspector-place", /\d/);
  }

  async closeInspector(): Promise<void> {
    const { page } = this.visitor;
    if (await page.locator("#inspector").isVisible()) await page.locator("#inspector-button").click();
  }

  async place(): Promise<Point & { readonly life: string }> {
    const [x, y, life = ""] = (await this.visitor.text("#inspector-place")).split(" · ");
    return { x: Number(x), y: Number(y), life };
  }

  /** Times that all since an older tick came at once. */
  async resyncs(): Promise<number> {
    return Number.parseInt(await this.visitor.text("#inspector-resyncs"), 10);
  }

  /** The lines of the leaderboard: name and score. */
  async leaders(): Promise<Record<string, number>> {
    const lines = this.visitor.page.locator("#leaderboard li");
    const [names, scores] = [
      await lines.locator(".name").allInnerTexts(),
      await lines.locator(".score").allInnerTexts(),
    ];
    return Object.fromEntries(names.map((name, index) => [name, Number(scores[index])]));
  }

  async chat(text: string): Promise<void> {
    const { page } = this.visitor;
    await page.keyboard.press("Enter");
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  }

  /** Goes where the other one is, around all walls, until both are near and see each other. */
  async goTo(other: ArenaPilot): Promise<void> {
    const held = new Set<string>();
    const { keyboard } = this.visitor.page;
    for (let tick = 0; tick < MOST_TICKS; tick++) {
      const [own, goal] = [await this.place(), await other.place()];
      if (Math.hypot(goal.x - own.x, goal.y - own.y) < SHOOTING_DISTANCE && inSight(own, goal)) break;
      const next = nextPoint(own, goal);
      const wanted = new Set<string>();
      if (Math.abs(next.x - own.x) > KEY_DISTANCE) wanted.add(KEYS.x[next.x > own.x ? 1 : 0]);
      if (Math.abs(next.y - own.y) > KEY_DISTANCE) wanted.add(KEYS.y[next.y > own.y ? 1 : 0]);
      for (const key of held) if (!wanted.has(key)) await keyboard.up(key);
      for (const key of wanted) if (!held.has(key)) await keyboard.down(key);
      held.clear();
      for (const key of wanted) held.add(key);
      await this.nextTick();
    }
    for (const key of held) await keyboard.up(key);
  }

  /** Aims at where the other one is and shoots, until `done`. */
  async shootAt(other: ArenaPilot, done: () => Promise<boolean>): Promise<void> {
    const { mouse } = this.visitor.page;
    const { width, height } = this.visitor.page.viewportSize() ?? { width: 0, height: 0 };
    await mouse.move(width / 2, height / 2 - 200);
    await mouse.down();
    for (let tick = 0; tick < MOST_TICKS && !(await done()); tick++) {
      const [own, goal] = [await this.place(), await other.place()];
      // The view leads a little, so the middle of the window is not quite the ship: sweep.
      const angle = Math.atan2(goal.y - own.y, goal.x - own.x) + ((tick % 5) - 2) * 0.07;
      await mouse.move(width / 2 + Math.cos(angle) * 240, height / 2 + Math.sin(angle) * 240);
      await this.nextTick();
    }
    await mouse.up();
  }

  async nextTick(): Promise<void> {
    const before = await this.visitor.text("#inspector-tick");
    await this.visitor.page.waitForFunction(
      (text) => document.getElementById("inspector-tick")?.innerText !== text,
      before,
    );
  }
}
