import { ConnectError, connect } from "tickcast/client";
import { meadow } from "../src/game.ts";
import { HEIGHT, WIDTH } from "../src/step.ts";
import { draw } from "./draw.ts";
import { onDirection } from "./keys.ts";

/** The server was started again: the room is another one, and the page may be, too. */
const AFTER_A_RESTART: ReadonlySet<string> = new Set(["no-such-room", "client-outdated"]);

const canvas = document.querySelector<HTMLCanvasElement>("#meadow");
const status = document.querySelector<HTMLElement>("#status");
const brush = canvas?.getContext("2d");
if (!canvas || !status || !brush) throw new Error("page and script belong to different builds");
canvas.width = WIDTH;
canvas.height = HEIGHT;

async function play(paint: CanvasRenderingContext2D, say: (text: string) => void): Promise<void> {
  say("Connecting …");
  const room = await connect(meadow, "/meadow", { name: `guest ${Math.floor(Math.random() * 1000)}` });
  say("");
  // A lost connection is tried again for a minute; the seat is kept for twenty seconds.
  room.onConnection((connection) => {
    if (connection.state === "joined") say("");
    else if (connection.state === "reconnecting") say("Connection lost. Returning …");
    else if (AFTER_A_RESTART.has(connection.close.name)) location.reload();
    else say(connection.close.sentence);
  });
  // Who closes the page leaves at once. Not every browser lets this last word out: then the seat is kept for a while.
  addEventListener("pagehide", () => void room.leave());
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  onDirection((walk) => room.input({ walk }));
  const frame = (): void => {
    draw(room, paint);
    requestAnimationFrame(frame);
  };
  frame();
}

/** Also tries again what may go better in a moment: a server that is just being started, or a full one. */
function start(paint: CanvasRenderingContext2D, line: HTMLElement): void {
  play(paint, (text) => {
    line.textContent = text;
  }).catch((error: unknown) => {
    if (!(error instanceof ConnectError)) throw error;
    line.textContent = error.close.sentence;
    if (error.close.retry !== "never") setTimeout(() => start(paint, line), 1_000);
  });
}

start(brush, status);
