import type { OverviewAnswer } from "../../answers.ts";
import { Api } from "./api.ts";
import { h, setText } from "./dom.ts";
import { brandMark } from "./shell.ts";

const KEY = "tickcast.admin-token";

/** The token that this tab was given; it goes with the tab. */
export function keptToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}

/** Asks for the token, until the server takes it. */
export function loginForm(enter: (token: string) => void): HTMLElement {
  const field = h("input", {
    class: "field",
    id: "token",
    type: "password",
    autocomplete: "current-password",
    required: true,
    spellcheck: "false",
  });
  const problem = h("p", { class: "problem", role: "alert" });
  const submit = h("button", { class: "button primary", type: "submit" }, "Sign in");
  const form = h(
    "form",
    { class: "login panel" },
    h("div", { class: "brand" }, brandMark(), "tickcast ", h("span", {}, "admin")),
    h("p", { class: "lead" }, "Rooms, ticks and players of this server, live."),
    h("label", { class: "label", for: "token" }, "Admin token"),
    field,
    submit,
    problem,
    h(
      "p",
      { class: "hint" },
      "It is what the server was started with: TICKCAST_ADMIN_TOKEN or --admin-token.",
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit.disabled = true;
    void tryToken(field.value.trim()).then((refusal) => {
      submit.disabled = false;
      if (refusal === undefined) enter(field.value.trim());
      else {
        setText(problem, refusal);
        field.select();
      }
    });
  });
  const place = h("main", { class: "login-place" }, form);
  queueMicrotask(() => field.focus());
  return place;
}

async function tryToken(token: string): Promise<string | undefined> {
  const given = await new Api(token, () => {}).get<OverviewAnswer>("events?since=999999999999999");
  if (!given.ok) return given.message;
  sessionStorage.setItem(KEY, token);
  return undefined;
}
