import type { GameRoom } from "../connection.ts";
import { element } from "../element.ts";

const BOTS = 50;
const ADDRESS = "/dev/bots";
/** Bots are for pages that this machine serves itself; elsewhere asking for them would only be an error on the console. */
const OWN_MACHINE = /^(localhost|\[::1\]|127\.[\d.]+)$/;

/** Brings bots into the room. Only a server in development has them to give, so only there is a button. */
export async function botsButton(currentRoom: () => GameRoom | undefined): Promise<void> {
  const button = element("bots-button", HTMLButtonElement);
  button.addEventListener("click", () => {
    const room = currentRoom();
    if (room !== undefined) void call(button, room);
  });
  if (!OWN_MACHINE.test(location.hostname)) return;
  try {
    button.hidden = !(await fetch(ADDRESS)).ok;
  } catch {
    button.hidden = true;
  }
}

async function call(button: HTMLButtonElement, room: GameRoom): Promise<void> {
  button.disabled = true;
  const label = button.querySelector("span");
  const tell = (text: string): void => {
    if (label !== null) label.textContent = text;
  };
  try {
    const response = await fetch(ADDRESS, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ game: "arena", room: room.id, bots: BOTS }),
    });
    tell(response.ok ? "On their way" : `Refused (${response.status})`);
  } catch {
    tell("No answer");
  }
  setTimeout(() => {
    tell(`+${BOTS} bots`);
    button.disabled = false;
  }, 1_500);
}
