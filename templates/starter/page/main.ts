import { type ClientRoom, ConnectError, connect } from "tickcast/client";
import { type Meadow, meadow } from "../src/game.ts";
import { HEIGHT, WIDTH } from "../src/step.ts";
import { onDirection } from "./keys.ts";

/** The server was started again: the room is another one, and the page may be, too. */
const AFTER_A_RESTART: ReadonlySet<string> = new Set(["no-such-room", "client-outdated"]);

const canvas = document.querySelector<HTMLCanvasElement>("#meadow");
const status = document.querySelector<HTMLElement>("#status");
const brush = canvas?.getContext("2d");
if (!canvas || !status || !brush) throw new Error("page and script belong to different builds");
canvas.width = WIDTH;
canvas.height = HEIGHT;

function draw(room: ClientRoom<Meadow>, paint: CanvasRenderingContext2D): void {
  paint.fillStyle = "#24401f";
  paint.fillRect(0, 0, WIDTH, HEIGHT);
  paint.font = "14px system-ui, sans-serif";
  paint.textAlign = "center";
  // The room as it is to be drawn now, between ticks.
  const { state, me } = room.view();
  for (const walker of state.walkers) {
    // One's own walker is drawn ahead of the others: where the keys have it already.
    const { x, y, hue, name } = walker.id === me?.id ? me : walker;
    paint.fillStyle = `hsl(${hue} 80% 65%)`;
    paint.beginPath();
    paint.arc(x, y, 12, 0, 2 * Math.PI);
    paint.fill();
    paint.fillText(name, x, y - 18);
  }
}

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
  onDirection((walk) => room.input({ walk }));
  const frame = (): void => {
    draw(room, paint);
    requestAnimationFrame(frame);
  };
  frame();
}

play(brush, (text) => {
  status.textContent = text;
}).catch((error: unknown) => {
  if (!(error instanceof ConnectError)) throw error;
  status.textContent = error.message;
});
