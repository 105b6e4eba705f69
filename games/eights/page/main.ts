import { invitedTo, RoomConnection, type Status } from "../../page/connection.ts";
import { element } from "../../page/element.ts";
import { forgetSeat, takeKeptSeat } from "../../page/kept-seat.ts";
import { type Card, isEight, nameOf } from "../cards.ts";
import { type EightsSpec, eights } from "../eights.ts";
import { Banner } from "./banner.ts";
import { Feed } from "./feed.ts";
import { HandView } from "./hand-view.ts";
import { type Guest, JoinScreen } from "./join-screen.ts";
import { SeatsView } from "./seats-view.ts";
import { loadName, saveName } from "./settings.ts";
import { SuitDialog } from "./suit-dialog.ts";
import { TableView } from "./table-view.ts";
import { type GameRoom, viewOf } from "./view.ts";
import { PROBLEMS, youOr } from "./words.ts";

let room: GameRoom | undefined;

const feed = new Feed();
const banner = new Banner();
const tableView = new TableView();
const seatsView = new SeatsView();
const handView = new HandView((card) => void play(card));
const suitDialog = new SuitDialog();
const joinScreen = new JoinScreen(loadName(), join);

onClick("draw", () => ask(room?.request("draw", {})));
onClick("stock", () => ask(room?.request("draw", {})));
onClick("pass", () => ask(room?.request("pass", {})));
onClick("deal", () => ask(room?.request("deal", {})));
onClick("add-house", () => ask(room?.request("addHouse", {})));
onClick("sit", () => ask(room?.request("sit", {})));
onClick("stand", () => ask(room?.request("stand", {})));
onClick("invite", () => invite());
addEventListener("keydown", ({ key, target, ctrlKey, metaKey, altKey }) => {
  if (target instanceof HTMLInputElement || ctrlKey || metaKey || altKey) return;
  const id = { d: "draw", p: "pass" }[key.toLowerCase()];
  const button = id === undefined ? undefined : element(id, HTMLButtonElement);
  if (button !== undefined && !button.hidden) button.click();
});
// Whoever goes to another page leaves for good: the seat is free at once.
document.querySelector(".top .brand")?.addEventListener("click", () => {
  forgetSeat();
  void room?.leave();
});

takeUp(invitedTo());

/** A page that is loaded anew goes on where it was. */
function takeUp(id: string | undefined): void {
  const token = id === undefined ? undefined : takeKeptSeat(`/eights/${id}`);
  if (token === undefined) return;
  joinScreen.hide();
  void connectionOf({ name: loadName(), watch: false }).takeUp(token);
}

function join(guest: Guest): void {
  saveName(guest.name);
  joinScreen.hide();
  void connectionOf(guest).open();
}

function connectionOf(guest: Guest): RoomConnection<EightsSpec> {
  const connection: RoomConnection<EightsSpec> = new RoomConnection(
    { game: eights, join: guest, again: ({ me }) => me && { ...guest, name: me.name } },
    (status) => {
      changed(status);
      banner.show(status, (remedy) => {
        if (remedy === "reload") location.reload();
        else void (remedy === "again" ? connection.open() : connection.openAnyRoom());
      });
    },
  );
  return connection;
}

function changed(status: Status<EightsSpec>): void {
  document.body.dataset.connection = status.state;
  if (status.state === "seatless") joinScreen.show("Your seat was not kept any longer. Join again.");
  if (status.state !== "playing" || status.entry === "returned") return;
  enter(status.room);
  if (status.entry === "reloaded") feed.add("You are back at the table.", "notice");
  if (status.entry === "anew") feed.add("Your table or your seat was gone: you have joined anew.", "notice");
}

function enter(entered: GameRoom): void {
  room = entered;
  element("invite", HTMLButtonElement).hidden = false;
  const isMine = (seat: { readonly id: number } | undefined): boolean =>
    seat !== undefined && seat.id === viewOf(entered).seat?.id;
  entered.on("played", ({ seat, card, suit }) => {
    tableView.land(isMine(seat) ? "below" : "above");
    const named = isEight(card) ? `: ${suit} now` : "";
    feed.add(`${youOr(seat?.name, isMine(seat))} played the ${nameOf(card)}${named}.`);
  });
  entered.on("drew", ({ seat }) => feed.add(`${youOr(seat?.name, isMine(seat))} drew a card.`));
  entered.on("passed", ({ seat }) => feed.add(`${youOr(seat?.name, isMine(seat))} passed.`));
  entered.on("dealt", ({ deal }) => feed.add(`Deal ${deal}.`, "notice"));
  entered.on("announced", ({ text }) => feed.add(text, "notice"));
  entered.on("notice", ({ kind, name }) => {
    const words = {
      joined: "is here",
      left: "has left",
      sat: "sits at the table",
      stood: "gave up the seat",
      away: "is away: the house plays",
      back: "is back",
      asleep: "sleeps: the house plays",
    };
    if (name !== entered.me?.name) feed.add(`${name} ${words[kind]}.`, "notice");
  });
  entered.onTick(() => show(entered));
  show(entered);
}

function show(shown: GameRoom): void {
  const view = viewOf(shown);
  tableView.show(shown, view);
  seatsView.show(shown, view);
  handView.show(view);
  if (!view.myTurn) suitDialog.dismiss();
  document.title = view.myTurn ? "Your turn · Crazy Eights" : "Crazy Eights · Tickcast";
}

async function play(card: Card): Promise<void> {
  const suit = isEight(card) ? await suitDialog.ask() : undefined;
  if (isEight(card) && suit === undefined) return;
  await ask(room?.request("play", { card, ...(suit && { suit }) }));
}

/** What the room refuses is said in a sentence. */
async function ask(
  asked: Promise<{ readonly ok: true } | { readonly ok: false; readonly error: string }> | undefined,
): Promise<void> {
  const answer = await asked;
  if (answer === undefined || answer.ok) return;
  feed.add(PROBLEMS[answer.error] ?? "That could not be done.", "problem");
}

async function invite(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    feed.add("The address of this table is copied: send it to somebody.", "notice");
  } catch {
    // Pages without https have no clipboard.
    feed.add(`Send this address: ${location.href}`, "notice");
  }
}

function onClick(id: string, act: () => Promise<void>): void {
  element(id, HTMLButtonElement).addEventListener("click", () => void act());
}
