import type { ClientRoom } from "tickcast/client";
import type { Meadow } from "../src/game.ts";
import { HEIGHT, RADIUS, WIDTH } from "../src/step.ts";

/** Draws the room as it is now, between ticks: called once a frame. */
export function draw(room: ClientRoom<Meadow>, paint: CanvasRenderingContext2D): void {
  const { state, me } = room.view();
  paint.fillStyle = "#24401f";
  paint.fillRect(0, 0, WIDTH, HEIGHT);
  paint.font = "14px system-ui, sans-serif";
  paint.textAlign = "center";
  for (const walker of state.walkers) {
    // One's own walker is drawn ahead of the others: where the keys have it already.
    const { x, y, hue, name } = walker.id === me?.id ? me : walker;
    paint.fillStyle = `hsl(${hue} 80% 65%)`;
    paint.beginPath();
    paint.arc(x, y, RADIUS, 0, 2 * Math.PI);
    paint.fill();
    if (walker.id === me?.id) {
      paint.strokeStyle = "white";
      paint.lineWidth = 2;
      paint.stroke();
    }
    paint.fillText(name, x, y - 18);
  }
}
