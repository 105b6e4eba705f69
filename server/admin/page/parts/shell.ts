import type { ServerContact } from "./api.ts";
import { button, h, setText } from "./dom.ts";
import type { Route } from "./route.ts";
import { themeButton } from "./theme.ts";
import type { View } from "./view.ts";

const PLACES = [
  { view: "overview", label: "Overview", address: "#/" },
  { view: "rooms", label: "Rooms", address: "#/rooms" },
  { view: "events", label: "Events", address: "#/events" },
] as const;

const contactTexts: Readonly<Record<ServerContact, string>> = {
  answers: "live",
  silent: "no answer",
  denied: "signed out",
};

/** The page's head, and the place below it. */
export class Shell {
  readonly element: HTMLElement;
  readonly #contact = h("span", { class: "contact", "data-contact": "answers", role: "status" }, "live");
  readonly #links: ReadonlyMap<string, HTMLAnchorElement>;
  readonly #main = h("main", { class: "main", id: "main", tabindex: -1 });

  constructor(signOut: () => void) {
    this.#links = new Map(
      PLACES.map(({ view, label, address }) => [view, h("a", { href: address }, label)] as const),
    );
    const head = h(
      "header",
      { class: "top" },
      h("a", { class: "brand", href: "#/" }, brandMark(), "tickcast ", h("span", {}, "admin")),
      h("nav", { "aria-label": "Views" }, ...this.#links.values()),
      h(
        "div",
        { class: "top-tools" },
        this.#contact,
        themeButton(),
        button("Sign out", signOut, { class: "button quiet" }),
      ),
    );
    this.element = h("div", { class: "shell" }, head, this.#main);
  }

  show(view: View, route: Route): void {
    document.title = `${view.title} · Tickcast admin`;
    this.#main.replaceChildren(view.element);
    this.mark(route);
    scrollTo(0, 0);
  }

  mark(route: Route): void {
    const place = route.view === "room" ? "rooms" : route.view;
    for (const [view, link] of this.#links) {
      if (view === place) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  contact(contact: ServerContact): void {
    this.#contact.dataset.contact = contact;
    setText(this.#contact, contactTexts[contact]);
    document.body.classList.toggle("is-silent", contact === "silent");
  }
}

/** Three bars: a tick, and the next. */
export function brandMark(): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const mark = document.createElementNS(space, "svg");
  mark.setAttribute("viewBox", "0 0 22 22");
  mark.setAttribute("aria-hidden", "true");
  for (const [x, y, tone] of [
    [1, 9, "mint"],
    [9, 4, "sky"],
    [17, 1, "amber"],
  ] as const) {
    const bar = document.createElementNS(space, "rect");
    const sizes = { x, y, width: 4, height: 21 - y, rx: 2 };
    for (const [name, value] of Object.entries(sizes)) bar.setAttribute(name, String(value));
    bar.setAttribute("class", `fill-${tone}`);
    mark.append(bar);
  }
  return mark;
}
