import type { RoomConnection } from "../../page/connection.ts";
import { forgetSeat, takeKeptSeat } from "../../page/kept-seat.ts";
import type { ArenaSpec } from "../arena.ts";
import { Camera } from "./camera.ts";
import {
  arenaConnection,
  type Entry,
  type GameRoom,
  invitedTo,
  type Pilot,
  type Status,
} from "./connection.ts";
import { Controls } from "./controls/controls.ts";
import { element } from "./element.ts";
import { Banner } from "./hud/banner.ts";
import { botsButton } from "./hud/bots-button.ts";
import { chatBox } from "./hud/chat-box.ts";
import { Feed } from "./hud/feed.ts";
import { Inspector } from "./hud/inspector.ts";
import { invitePanel } from "./hud/invite.ts";
import { JoinScreen } from "./hud/join-screen.ts";
import { LagPanel } from "./hud/lag-panel.ts";
import { Leaderboard } from "./hud/leaderboard.ts";
import { MatchClock } from "./hud/match-clock.ts";
import { Overlay } from "./hud/overlay.ts";
import { sharePlace } from "./hud/panels.ts";
import { Sound } from "./hud/sound.ts";
import { Statistics } from "./hud/statistics.ts";
import { Streams } from "./hud/streams.ts";
import { Vitals } from "./hud/vitals.ts";
import { Lag } from "./lag/lag-settings.ts";
import { Playfield } from "./playfield.ts";
import { Minimap } from "./render/minimap.ts";
import { Renderer } from "./render/renderer.ts";
import { loadSettings, saveSettings } from "./settings.ts";

const canvas = element("view", HTMLCanvasElement);
const hud = element("hud", HTMLElement);
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

let settings = loadSettings();
let playfield: Playfield | undefined;

const camera = new Camera();
const controls = new Controls(canvas, camera);
const renderer = new Renderer(canvas, camera, calm);
const feed = new Feed();
const overlay = new Overlay();
const sound = new Sound(settings.sound, (on) => {
  settings = { ...settings, sound: on };
  saveSettings(settings);
});
const banner = new Banner();
const statistics = new Statistics();
const inspector = new Inspector();
const streams = new Streams();
const lag = new Lag();
const lagPanel = new LagPanel(lag);
const leaderboard = new Leaderboard();
const matchClock = new MatchClock();
const minimap = new Minimap(element("minimap", HTMLCanvasElement));
const vitals = new Vitals();
const joinScreen = new JoinScreen(settings, join);

sharePlace([inspector, streams, lagPanel]);
invitePanel();
void botsButton(() => playfield?.room);
chatBox({
  say: (text) => playfield?.room.send("chat", { text }),
  rename: (name) => void rename(name),
});

// A button that was clicked must not take the next space bar, which is a dash.
addEventListener("click", ({ target, detail }) => {
  if (detail > 0 && target instanceof Element) target.closest("button")?.blur();
});

// Whoever goes to the start page leaves for good: the seat and the name are free at once.
document.querySelector(".corner .brand")?.addEventListener("click", () => {
  forgetSeat();
  void playfield?.room.leave();
});

takeUp(invitedTo());

/** A page that is loaded anew goes on where it was. */
function takeUp(room: string | undefined): void {
  const token = room === undefined ? undefined : takeKeptSeat(`/arena/${room}`);
  if (token === undefined) return;
  joinScreen.hide();
  void connectionOf(settings).takeUp(token);
}

function join(pilot: Pilot): void {
  settings = { ...settings, ...pilot };
  saveSettings(settings);
  sound.unlock();
  joinScreen.hide();
  void connectionOf(pilot).open();
}

function connectionOf({ name, colour }: Pilot): RoomConnection<ArenaSpec> {
  const connection: RoomConnection<ArenaSpec> = arenaConnection(
    { name, colour },
    lag.conditioner,
    (status) => {
      show(status);
      banner.show(status, (remedy) => {
        if (remedy === "reload") location.reload();
        else void (remedy === "again" ? connection.open() : connection.openAnyRoom());
      });
    },
  );
  return connection;
}

function show(status: Status): void {
  document.body.dataset.connection = status.state;
  if (status.state === "seatless") joinScreen.show("Your ship was not kept any longer. Join again.");
  if (status.state !== "playing" || status.entry === "returned") return;
  hud.hidden = false;
  enter(status.room, status.entry);
}

function enter(room: GameRoom, entry: Entry): void {
  banner.maintain(undefined);
  room.onMaintenance((maintenance) => banner.maintain(maintenance));
  playfield = new Playfield(room, {
    renderer,
    camera,
    feed,
    overlay,
    sound,
    calm,
    now: () => performance.now(),
  });
  streams.reset();
  lagPanel.reset();
  room.onTick(() => {
    const now = performance.now();
    statistics.showTick(room);
    inspector.ticked(room, now);
    streams.ticked(room, now);
  });
  if (entry === "reloaded") feed.notice("You are back in your ship");
  else if (entry === "anew") feed.notice("Your room or your seat was gone: you have joined anew");
  else {
    feed.notice(`You are in room ${room.id}`);
    if (room.state.match.players === 1) feed.notice("Nobody else is here yet: invite somebody.");
  }
}

async function rename(name: string): Promise<void> {
  const renamed = await playfield?.room.request("rename", { name });
  if (renamed === undefined) return;
  if (renamed.ok) {
    settings = { ...settings, name: renamed.value.name };
    saveSettings(settings);
    return;
  }
  const problems = {
    taken: `Somebody is called ${name} already.`,
    "too-soon": "You have just changed your name; wait a moment.",
    invalid: "A name has 1 to 16 characters.",
    timeout: "No answer from the server.",
    closed: "Not connected.",
    lost: "Not connected.",
    internal: "The server could not change the name.",
  } as const;
  feed.notice(problems[renamed.error]);
}

let before = performance.now();
let overviewAt = 0;
let ratesAt = 0;

function draw(now: number): void {
  requestAnimationFrame(draw);
  const seconds = Math.min((now - before) / 1000, 0.1);
  before = now;
  camera.resize(canvas);
  if (playfield === undefined) drift(now);
  else drawGame(playfield, now, seconds);
}

/** Behind the join screen the view wanders over the map. */
function drift(now: number): void {
  const angle = calm ? 0.6 : now / 26_000;
  camera.x = 2000 + Math.cos(angle) * 560;
  camera.y = 2000 + Math.sin(angle) * 560;
  renderer.drawEmpty();
}

function drawGame(field: Playfield, now: number, seconds: number): void {
  const { room } = field;
  const { me } = room;
  // First, so that this very picture shows it.
  if (me !== undefined && room.connection.state === "joined") room.input(controls.read());
  const view = room.view();
  const { tick, me: place } = view;
  field.playCues(tick);
  field.turnTo(camera.shape);
  if (place !== undefined) {
    const aim = controls.aimFrom(place);
    camera.follow(place, me?.life === "dead" ? undefined : aim, seconds);
    renderer.draw(field, {
      now,
      seconds,
      view,
      place,
      aim,
      streams: streams.open ? streams.shown : undefined,
    });
  }
  if (me !== undefined) vitals.show(me, tick);
  lagPanel.look(room, now);
  if (now >= overviewAt) {
    overviewAt = now + 125;
    minimap.draw(room, camera, streams.shown);
    leaderboard.show(room.state.leaders, me);
    matchClock.show(room.state.match, room.tick);
    overlay.show(me, room.state.match, room.tick);
  }
  if (now >= ratesAt && room.connection.state === "joined") {
    ratesAt = now + 1_000;
    statistics.showRates(room, now);
  }
}

requestAnimationFrame(draw);
