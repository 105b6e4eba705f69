import { ConnectError } from "tickcast/client";
import { fetchRecording, RecordingError, type RecordingHeader, Replay } from "tickcast/replay";
import { arena } from "../../arena.ts";
import { Camera } from "../camera.ts";
import { element, setText } from "../element.ts";
import { Feed } from "../hud/feed.ts";
import { Leaderboard } from "../hud/leaderboard.ts";
import { MatchClock } from "../hud/match-clock.ts";
import { Overlay } from "../hud/overlay.ts";
import { Sound } from "../hud/sound.ts";
import { Playfield } from "../playfield.ts";
import { Minimap } from "../render/minimap.ts";
import { Renderer } from "../render/renderer.ts";
import { Spectator } from "./spectator.ts";
import { TimeLine } from "./time-line.ts";

/** What happened in one picture is no more than this: longer ones were a seek. */
const MOST_SECONDS = 1;
const MS_PER_TICK = 1_000 / arena.spec.tickRate;

const canvas = element("view", HTMLCanvasElement);
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const camera = new Camera();
const renderer = new Renderer(canvas, camera, calm);
const feed = new Feed();
const overlay = new Overlay();
const sound = new Sound(true, () => {});
const leaderboard = new Leaderboard();
const matchClock = new MatchClock();
const minimap = new Minimap(element("minimap", HTMLCanvasElement));
const spectator = new Spectator(canvas, camera);
const watched = element("watched", HTMLElement);
const mapButton = element("map-button", HTMLButtonElement);

element("ship-before", HTMLButtonElement).addEventListener("click", () => spectator.step(-1));
element("ship-after", HTMLButtonElement).addEventListener("click", () => spectator.step(1));
mapButton.addEventListener("click", () => spectator.toggleMap());
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.code === "KeyN") spectator.step(1);
  else if (event.code === "KeyP") spectator.step(-1);
  else if (event.code === "Digit0") spectator.toggleMap();
});
// A button that was clicked must not take the next space bar, which pauses.
addEventListener("click", ({ target, detail }) => {
  sound.unlock();
  if (detail > 0 && target instanceof Element) target.closest("button")?.blur();
});

start().catch(say);

async function start(): Promise<void> {
  camera.resize(canvas);
  renderer.drawEmpty();
  const replay = new Replay(await fetchRecording("/recording/"), { state: "playing" });
  setText(element("facts", HTMLElement), factsOf(replay.header));
  const timeLine = new TimeLine(replay);
  const now = (): number => replay.tick * MS_PER_TICK;
  let playfield: Playfield | undefined;
  replay.onChange((state) => {
    if (state.state === "failed") say(state.error);
  });
  await replay.onRoom(arena, (room) => {
    playfield = new Playfield(room, { renderer, camera, feed, overlay, sound, calm, now });
    spectator.enter(room);
  });

  let before = now();
  let overviewAt = 0;
  const draw = (): void => {
    requestAnimationFrame(draw);
    camera.resize(canvas);
    timeLine.show();
    if (playfield === undefined) return;
    const passed = (now() - before) / 1_000;
    const seconds = passed > 0 && passed < MOST_SECONDS ? passed : 0;
    before = now();
    const { room } = playfield;
    const view = room.view();
    playfield.playCues(view.tick);
    // The view follows by the time of whoever looks, also while nothing moves.
    spectator.look(view, 1 / 60);
    renderer.draw(playfield, {
      now: before,
      seconds,
      view,
      place: undefined,
      watched: spectator.watched,
      aim: undefined,
      streams: undefined,
    });
    if (performance.now() < overviewAt) return;
    overviewAt = performance.now() + 125;
    showOverview(playfield);
  };
  requestAnimationFrame(draw);
}

function showOverview({ room }: Playfield): void {
  minimap.draw(room, camera, []);
  leaderboard.show(room.state.leaders, undefined);
  matchClock.show(room.state.match, room.tick);
  overlay.show(undefined, room.state.match, room.tick);
  setText(
    watched,
    spectator.watched === undefined ? "free view" : (spectator.watchedShip?.name ?? "not there"),
  );
  mapButton.ariaPressed = String(spectator.seesAll);
  for (const line of document.querySelectorAll<HTMLElement>("#leaderboard li"))
    line.classList.toggle("watched", line.dataset.ship === String(spectator.watched));
}

function factsOf({ room, startedAt, from }: RecordingHeader): string {
  const at = new Date(startedAt).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  return `room ${room} · ${at}${from === "present" ? " · from mid-game" : ""}`;
}

function say(error: unknown): void {
  element("banner", HTMLElement).hidden = false;
  setText(element("banner-text", HTMLElement), sentenceOf(error));
  if (!(error instanceof RecordingError || error instanceof ConnectError)) throw error;
}

function sentenceOf(error: unknown): string {
  if (error instanceof RecordingError)
    return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
  if (error instanceof ConnectError)
    return "It was recorded with another version of the game than this page is of: open it with the one that recorded it.";
  return "Something in the page failed; the browser's console says what.";
}
