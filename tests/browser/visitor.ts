import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { NodeClock } from "../../shared/platform/node-clock.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { FaultProxy } from "../kit/index.ts";

const ARTIFACTS = fileURLToPath(new URL("../../artifacts/browser/", import.meta.url));

export const DESK = { viewport: { width: 1280, height: 800 } } as const;
const TOUCH = { deviceScaleFactor: 2, hasTouch: true, isMobile: true } as const;
export const PHONE = { ...TOUCH, viewport: { width: 390, height: 844 } } as const;
export const LYING_PHONE = { ...TOUCH, viewport: { width: 844, height: 390 } } as const;
export type Device = typeof DESK | typeof PHONE | typeof LYING_PHONE;

/** Somebody with a browser, on a network of their own. */
export class Visitor {
  readonly page: Page;
  readonly network: FaultProxy;
  /** What the page threw or complained about. */
  readonly complaints: readonly string[];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page, network: FaultProxy, complaints: string[]) {
    this.#context = context;
    this.page = page;
    this.network = network;
    this.complaints = complaints;
  }

  /** @param port the server's */
  static async arrive(browser: Browser, port: number, device: Device = DESK): Promise<Visitor> {
    const network = await FaultProxy.start({
      to: { port },
      clock: new NodeClock(),
      random: seededRandom(1),
      conditions: { latencyMs: 5 },
    });
    const context = await browser.newContext(device);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      // A lost connection is the browser's own complaint, and what these tests are about; so is an answer of matchmaking,
      // and that a room is gone, which who plays in it may ask about just before the page hears that it closed.
      if (/ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED|WebSocket/.test(message.text())) return;
      const { url } = message.location();
      if (/\/(join|rooms)\//.test(url)) return;
      complaints.push(`${message.text()} (${url})`);
    });
    return new Visitor(context, page, network, complaints);
  }

  /** Opens a path of the server, through the visitor's network. */
  async goTo(path: string): Promise<void> {
    await this.page.goto(`http://127.0.0.1:${this.network.port}${path}`);
  }

  /** The network is gone: connections break, and no other gets through. */
  loseNetwork(): void {
    this.network.reach("out-of-reach");
    this.network.reset();
  }

  findNetwork(): void {
    this.network.reach("in-reach");
  }

  text(selector: string): Promise<string> {
    return this.page.locator(selector).innerText();
  }

  /** Waits until an element is shown that has this text. */
  async sees(selector: string, text: string | RegExp): Promise<void> {
    await this.page.locator(selector).filter({ hasText: text, visible: true }).first().waitFor();
  }

  async seesNo(selector: string): Promise<void> {
    await this.page.locator(selector).waitFor({ state: "hidden" });
  }

  /** Parts of the page that cover each other, by their selectors; what is hidden covers nothing. */
  overlaps(selectors: readonly string[]): Promise<readonly string[]> {
    return this.page.evaluate((selectors) => {
      const shown = selectors.flatMap((selector) => {
        const box = document.querySelector(selector)?.getBoundingClientRect();
        return box === undefined || box.width === 0 ? [] : [{ selector, box }];
      });
      return shown.flatMap(({ selector, box }, index) =>
        shown
          .slice(index + 1)
          .filter(
            ({ box: other }) =>
              Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1 &&
              Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 1,
          )
          .map((other) => `${selector} and ${other.selector}`),
      );
    }, selectors);
  }

  /** Keeps a picture under `artifacts/`, for people to look at, of when all that moves in has come to rest. */
  async picture(name: string): Promise<void> {
    mkdirSync(ARTIFACTS, { recursive: true });
    await this.page.evaluate(async () => {
      const passing = document
        .getAnimations()
        .filter((animation) => animation.effect?.getTiming().iterations !== Number.POSITIVE_INFINITY)
        .filter(
          (animation) => !(animation instanceof CSSAnimation && animation.animationName === "banner-out"),
        );
      await Promise.allSettled(passing.map(({ finished }) => finished));
    });
    await this.page.screenshot({ path: `${ARTIFACTS}${name}.png` });
  }

  async leave(): Promise<void> {
    await this.#context.close();
    await this.network.close();
  }
}
