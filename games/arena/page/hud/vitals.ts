import { type Ship, TICKS_PER_SECOND } from "../../arena.ts";
import { FULL_HP, FULL_SHIELD } from "../../combat.ts";
import { WEAPON_TICKS } from "../../pickups.ts";
import { DASH_COOLDOWN_TICKS, dashReadyAt } from "../../step.ts";
import { element, setText } from "../element.ts";

const WEAPON_NAMES: Readonly<Record<Ship["weapon"], string>> = {
  single: "cannon",
  rapid: "rapid fire",
  spread: "spread shot",
};

/** The state of one's own ship, at the foot of the screen. */
export class Vitals {
  readonly #health = element("health-bar", HTMLElement);
  readonly #healthText = element("health-text", HTMLElement);
  readonly #shield = element("shield-bar", HTMLElement);
  readonly #weapon = element("weapon-chip", HTMLElement);
  readonly #dash = element("dash-chip", HTMLElement);

  readonly #touchDash = element("touch-dash", HTMLElement);

  show(me: Readonly<Ship>, tick: number): void {
    fill(this.#health, me.hp / FULL_HP);
    this.#health.classList.toggle("low", me.hp <= 30);
    setText(this.#healthText, String(me.hp));
    fill(this.#shield, me.shield / FULL_SHIELD);
    this.#shield.style.visibility = me.shield > 0 ? "visible" : "hidden";

    const left = Math.max(me.weaponUntil - tick, 0);
    const seconds = me.weapon === "single" ? "" : ` ${Math.ceil(left / TICKS_PER_SECOND)}`;
    this.#weapon.dataset.weapon = me.weapon;
    this.#weapon.style.setProperty("--filled", String(me.weapon === "single" ? 0 : left / WEAPON_TICKS));
    setText(this.#weapon, `${WEAPON_NAMES[me.weapon]}${seconds}`);

    const wait = Math.max(dashReadyAt(me) - tick, 0);
    this.#dash.classList.toggle("ready", wait === 0);
    this.#touchDash.classList.toggle("ready", wait === 0);
    this.#dash.style.setProperty("--filled", String(1 - wait / DASH_COOLDOWN_TICKS));
  }
}

function fill(bar: HTMLElement, part: number): void {
  bar.style.setProperty("--filled", part.toFixed(3));
}
