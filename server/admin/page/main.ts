import { EventsView } from "./events/events-view.ts";
import { OverviewView } from "./overview/overview-view.ts";
import { Api } from "./parts/api.ts";
import { forgetToken, keptToken, loginForm } from "./parts/login.ts";
import { type Route, readRoute } from "./parts/route.ts";
import { Shell } from "./parts/shell.ts";
import { applyTheme } from "./parts/theme.ts";
import type { View, ViewParts } from "./parts/view.ts";
import { RoomView } from "./room/room-view.ts";
import { RoomsView } from "./rooms/rooms-view.ts";

const app = document.getElementById("app") ?? document.body;

applyTheme();
const kept = keptToken();
if (kept === undefined) askForToken();
else enter(kept);

function askForToken(): void {
  document.title = "Tickcast admin";
  app.replaceChildren(loginForm(enter));
}

function enter(token: string): void {
  const left = new AbortController();
  let view: View | undefined;
  const signOut = (): void => {
    if (left.signal.aborted) return;
    left.abort();
    view?.close();
    forgetToken();
    askForToken();
  };
  const shell = new Shell(signOut);
  const parts: ViewParts = {
    api: new Api(token, (contact) => {
      shell.contact(contact);
      // The server may have been started anew with another token.
      if (contact === "denied") signOut();
    }),
  };
  const go = (): void => {
    const route = readRoute(location.hash);
    if (view?.follow(route)) {
      shell.mark(route);
      return;
    }
    view?.close();
    view = viewOf(route, parts);
    shell.show(view, route);
  };
  addEventListener("hashchange", go, { signal: left.signal });
  app.replaceChildren(shell.element);
  go();
}

function viewOf(route: Route, parts: ViewParts): View {
  switch (route.view) {
    case "overview":
      return new OverviewView(parts);
    case "rooms":
      return new RoomsView(parts, route);
    case "events":
      return new EventsView(parts, route);
    case "room":
      return new RoomView(parts, route);
  }
}
