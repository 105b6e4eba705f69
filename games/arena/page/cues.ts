/** Things to do when the drawn tick, which runs behind the newest one, gets to theirs. */
export class Cues {
  readonly #waiting: { readonly tick: number; readonly act: () => void }[] = [];

  /** Nothing is kept for a page that is not seen: it draws nothing, and would play it all when it is back. */
  at(tick: number, act: () => void): void {
    if (document.hidden) return;
    this.#waiting.push({ tick, act });
  }

  play(drawnTick: number): void {
    let kept = 0;
    for (const cue of this.#waiting) {
      if (cue.tick > drawnTick) this.#waiting[kept++] = cue;
      else cue.act();
    }
    this.#waiting.length = kept;
  }
}
