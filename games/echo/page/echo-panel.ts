import { type ClientRoom, ConnectError, type ConnectionState, connect } from "tickcast/client";
import { type EchoSpec, echo } from "../echo.ts";
import { EventLog } from "./event-log.ts";
import { RoundTrips } from "./round-trips.ts";

type State =
  | { readonly state: "closed" }
  | { readonly state: "connecting" }
  | { readonly state: "open"; readonly room: ClientRoom<EchoSpec> }
  /** The connection is lost and is tried again; what is sent meanwhile waits. */
  | { readonly state: "returning"; readonly room: ClientRoom<EchoSpec>; readonly since: number };

/** One connection with its buttons, figures and log. Several live side by side, each with a socket of its own. */
export class EchoPanel {
  readonly view: HTMLElement;
  readonly #log: EventLog;
  readonly #text: HTMLInputElement;
  readonly #stateMark: HTMLElement;
  #state: State = { state: "closed" };
  #trips = new RoundTrips();

  constructor(template: HTMLTemplateElement, number: number) {
    const copy = template.content.firstElementChild?.cloneNode(true);
    if (!(copy instanceof HTMLElement)) throw new Error("the template is empty");
    this.view = copy;
    this.#part("title").textContent = `Connection ${number}`;
    this.#log = new EventLog(this.#part("events"));
    this.#stateMark = this.#part("state");
    const text = this.view.querySelector("input");
    if (text === null) throw new Error("the template has no field");
    this.#text = text;

    this.view.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#say();
    });
    this.#part("ping").addEventListener("click", () => void this.#ping());
    this.#part("open").addEventListener("click", () => void this.open());
    this.#part("close").addEventListener("click", () => void this.#leave());
    this.#part("remove").addEventListener("click", () => {
      void this.#leave();
      this.view.remove();
    });
    this.#become({ state: "closed" });
  }

  async open(): Promise<void> {
    if (this.#state.state !== "closed") return;
    this.#become({ state: "connecting" });
    const started = performance.now();
    try {
      const room = await connect(echo, "/join/echo");
      this.#log.add(
        "open",
        `room ${room.id}, player ${room.playerId}, after ${ms(performance.now() - started)}`,
      );
      this.#opened(room);
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      this.#log.add("error", `${error.close.code} ${error.close.name}: ${error.message}`);
      this.#become({ state: "closed" });
    }
  }

  #opened(room: ClientRoom<EchoSpec>): void {
    this.#trips = new RoundTrips();
    this.#become({ state: "open", room });
    // Removed while it connected.
    if (!this.view.isConnected) void room.leave();
    room.on("echo", ({ text, number }) => {
      const took = this.#trips.returned(number, performance.now());
      if (took === undefined) return;
      this.#log.add("echo", `${ms(took)}  ${text}`);
      this.#showTrip(took);
    });
    room.onTick((tick) => {
      // Four times a second is often enough to read.
      if (tick % 15 !== 0) return;
      this.#part("tick").textContent = tick.toLocaleString("en");
      const { rttMs, resyncs, pauses } = room.statistics;
      if (rttMs !== undefined) this.#part("link").textContent = ms(rttMs);
      this.#part("resyncs").textContent = String(resyncs);
      this.#part("pauses").textContent = String(pauses);
    });
    room.onConnection((connection) => this.#changed(room, connection));
    room.onLost((lost) => {
      if (lost.what === "events") this.#log.add("lost", `echoes up to tick ${lost.upToTick}`);
      else this.#log.add("lost", lost.what === "calls" ? `${lost.count} calls, undone` : "a message, unsent");
    });
  }

  #changed(room: ClientRoom<EchoSpec>, connection: ConnectionState): void {
    const now = performance.now();
    const since = this.#state.state === "returning" ? this.#state.since : now;
    switch (connection.state) {
      case "reconnecting":
        this.#log.add("away", `${connection.close.name}: returning, attempt ${connection.attempt}`);
        this.#become({ state: "returning", room, since });
        return;
      case "joined":
        this.#log.add("back", `after ${ms(now - since)}, with all that was missed`);
        this.#become({ state: "open", room });
        return;
      case "closed":
        this.#over(connection);
    }
  }

  #over({ close, message }: Extract<ConnectionState, { state: "closed" }>): void {
    this.#log.add("close", `${close.code} ${close.name}: ${message === "" ? close.sentence : message}`);
    this.#become({ state: "closed" });
    // The server restarted or gave the seat up: there is nothing to lose here, so one joins anew.
    if (close.name === "bad-token" || close.name === "no-such-room") void this.open();
  }

  #say(): void {
    if (!isThere(this.#state)) return;
    const text = this.#text.value;
    this.#log.add("sent", text);
    this.#state.room.send("say", { text, number: this.#trips.leave(performance.now()) });
  }

  async #ping(): Promise<void> {
    if (!isThere(this.#state)) return;
    const started = performance.now();
    const reply = await this.#state.room.request("ping", { number: 0 });
    const took = ms(performance.now() - started);
    if (reply.ok) this.#log.add("reply", `${took}  handled in tick ${reply.value.tick}`);
    else this.#log.add("error", `ping: ${reply.error}`);
  }

  async #leave(): Promise<void> {
    if (isThere(this.#state)) await this.#state.room.leave();
  }

  #become(state: State): void {
    this.#state = state;
    this.#stateMark.dataset.state = state.state;
    this.#stateMark.textContent = state.state;
    const open = isThere(state);
    this.view.dataset.state = state.state;
    this.#part("open").hidden = open;
    this.#part("close").hidden = !open;
    for (const name of ["open", "send", "ping"]) {
      const button = this.#part(name);
      if (button instanceof HTMLButtonElement)
        button.disabled = name === "open" ? state.state === "connecting" : !open;
    }
  }

  #showTrip(took: number): void {
    this.#part("last").textContent = ms(took);
    this.#part("fastest").textContent = ms(this.#trips.fastest);
    this.#part("mean").textContent = ms(this.#trips.mean);
  }

  #part(name: string): HTMLElement {
    const part = this.view.querySelector<HTMLElement>(`.${name}`);
    if (part === null) throw new Error(`the template has no "${name}"`);
    return part;
  }
}

/** Whether there is a room to talk to, now or once the connection is back. */
function isThere(state: State): state is Extract<State, { readonly room: unknown }> {
  return state.state === "open" || state.state === "returning";
}

function ms(duration: number): string {
  return `${duration.toFixed(duration < 10 ? 2 : 1)} ms`;
}
