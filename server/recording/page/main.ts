import { fetchRecording } from "../../../shared/platform/fetch-recording.ts";
import type { Recording } from "../../../shared/recording/recording.ts";
import { button, h, setText } from "../../admin/page/parts/dom.ts";
import { applyTheme } from "../../admin/page/parts/theme.ts";
import { MapPanel } from "../../admin/page/room/map-panel.ts";
import { StatePanel } from "../../admin/page/room/state-panel.ts";
import { Playhead } from "./playhead.ts";
import { RecordedAnswers } from "./recorded-answers.ts";

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const SKIP_SECONDS = 5;
const LOOK_EVERY_MS = 100;

const app = document.getElementById("app") ?? document.body;

applyTheme();
fetchRecording("/recording/").then(show, (error: unknown) => {
  const sentence = error instanceof Error ? error.message : String(error);
  app.replaceChildren(h("p", { class: "panel state" }, `The recording cannot be shown: ${sentence}.`));
});

function show(recording: Recording): void {
  const { header, firstTick, lastTick } = recording;
  const playhead = new Playhead(firstTick, lastTick, header.tickRate, performance.now());
  const now = (): number => playhead.tick(performance.now());
  const answers = new RecordedAnswers(recording, now);
  const { definition } = answers;
  document.title = `${header.game} replay`;
  app.replaceChildren(
    h(
      "header",
      {},
      h("h1", {}, `${header.game}, as it was`),
      h("p", {}, `room ${header.room} · ${new Date(header.startedAt).toLocaleString()}`),
    ),
    ...(definition.game.tables.some(({ position }) => position !== undefined)
      ? [new MapPanel(answers, header.room, definition, LOOK_EVERY_MS).element]
      : []),
    ...(definition.game.tables.length > 0
      ? [
          h(
            "section",
            { class: "panel state", "aria-label": "State" },
            new StatePanel(answers, header.room, definition, "", () => {}, 3 * LOOK_EVERY_MS).element,
          ),
        ]
      : []),
    timeLine(recording, playhead),
  );
}

function timeLine({ header, firstTick, lastTick }: Recording, playhead: Playhead): HTMLElement {
  const now = (): number => performance.now();
  const toggle = (): void => playhead.toggle(now());
  const play = button("Pause", toggle);
  const slider = h("input", {
    type: "range",
    min: firstTick,
    max: lastTick,
    step: 1,
    value: firstTick,
    "aria-label": "Time",
  });
  const time = h("output", {});
  const speed = h(
    "select",
    { "aria-label": "Speed" },
    ...SPEEDS.map((each) => h("option", { value: each, selected: each === 1 }, `${each}×`)),
  );
  slider.addEventListener("input", () => playhead.seek(Number(slider.value), now()));
  // The keys are the page's from here on.
  slider.addEventListener("change", () => slider.blur());
  speed.addEventListener("change", () => {
    playhead.setSpeed(Number(speed.value), now());
    speed.blur();
  });
  addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLButtonElement) return;
    const skip = SKIP_SECONDS * header.tickRate;
    const at = playhead.tick(now());
    if (event.code === "Space") toggle();
    else if (event.code === "ArrowLeft") playhead.seek(at - skip, now());
    else if (event.code === "ArrowRight") playhead.seek(at + skip, now());
    else if (event.code === "Home") playhead.seek(firstTick, now());
    else if (event.code === "End") playhead.seek(lastTick, now());
    else return;
    event.preventDefault();
  });
  const look = (): void => {
    requestAnimationFrame(look);
    const tick = playhead.tick(now());
    if (document.activeElement !== slider) slider.value = String(Math.round(tick));
    setText(
      time,
      `${clock(tick - firstTick, header.tickRate)} / ${clock(lastTick - firstTick, header.tickRate)} · tick ${Math.floor(tick)}`,
    );
    setText(play, playhead.plays(now()) ? "Pause" : "Play");
  };
  look();
  return h("footer", { class: "panel time-line" }, play, slider, time, speed);
}

function clock(ticks: number, tickRate: number): string {
  const seconds = Math.floor(ticks / tickRate);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
