import type { RoomAnswer } from "../../answers.ts";
import type { Api } from "../parts/api.ts";
import { ask, toast } from "../parts/dialog.ts";
import { button, h, setText } from "../parts/dom.ts";

/** Characters of a message that fit a close frame, whatever they are made of: the server says where they do not. */
const MOST_MESSAGE = 123;
const MOST_ANNOUNCEMENT = 240;
const MOST_BOTS = 100;

/** What an operator can do to a room. */
export class RoomActions {
  readonly element: HTMLElement;
  readonly #lock: HTMLButtonElement;
  readonly #announce: HTMLButtonElement;
  readonly #bots: HTMLButtonElement;
  readonly #close: HTMLButtonElement;
  #locked = false;

  constructor(api: Api, roomId: string) {
    const act = (action: string, body: object = {}): Promise<void> => actOn(api, roomId, action, body);
    this.#lock = button("Lock", () => void act(this.#locked ? "unlock" : "lock"), {
      title: "A locked room lets nobody new in",
    });
    this.#announce = button("Announce…", () => void announce(act), { hidden: true });
    this.#bots = button("Add bots…", () => void addBots(act), { hidden: true });
    this.#close = button("Close…", () => void close(act), { class: "button danger" });
    this.element = h("div", { class: "actions" }, this.#lock, this.#announce, this.#bots, this.#close);
  }

  show({ room, announces, bots }: RoomAnswer): void {
    this.#locked = room.locked;
    setText(this.#lock, room.locked ? "Unlock" : "Lock");
    this.#lock.setAttribute("aria-pressed", String(room.locked));
    this.#announce.hidden = !announces;
    this.#bots.hidden = !bots;
  }

  /** The room is gone. */
  disable(): void {
    for (const made of [this.#lock, this.#announce, this.#bots, this.#close]) made.disabled = true;
  }
}

export async function kick(api: Api, roomId: string, player: number, name: string | null): Promise<void> {
  const message = await ask({
    title: `Kick ${name ?? `player ${player}`}?`,
    text: "The player leaves with the next tick, and is told so.",
    field: { label: "Message (optional)", kind: "text", most: MOST_MESSAGE },
    act: "Kick",
    danger: true,
  });
  if (message !== undefined) await actOn(api, roomId, "kick", { player, message });
}

type Act = (action: string, body?: object) => Promise<void>;

async function announce(act: Act): Promise<void> {
  const text = await ask({
    title: "Announce to the room",
    text: "The game shows it to everybody in the room.",
    field: { label: "Announcement", kind: "text", most: MOST_ANNOUNCEMENT, required: true },
    act: "Announce",
  });
  if (text !== undefined) await act("announce", { text });
}

async function addBots(act: Act): Promise<void> {
  const bots = await ask({
    title: "Add bots",
    text: `They play for ten minutes, in a process of their own. At most ${MOST_BOTS} at once.`,
    field: { label: "How many", kind: "number", value: "50", most: MOST_BOTS, required: true },
    act: "Add",
  });
  if (bots !== undefined) await act("bots", { bots: Number(bots) });
}

async function close(act: Act): Promise<void> {
  const message = await ask({
    title: "Close this room?",
    text: "Everybody leaves after the next tick, and the state is gone.",
    field: { label: "Message to players (optional)", kind: "text", most: MOST_MESSAGE },
    act: "Close the room",
    danger: true,
  });
  if (message !== undefined) await act("close", { message });
}

async function actOn(api: Api, roomId: string, action: string, body: object): Promise<void> {
  const given = await api.post(`rooms/${roomId}/${action}`, body);
  if (given.ok) toast(given.answer.done, "good");
  else toast(given.message, "bad");
}
