import { button, h } from "./dom.ts";

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What the visitor may write; none: there is only a yes. */
  readonly field?: {
    readonly label: string;
    readonly kind: "text" | "number";
    readonly value?: string;
    readonly most: number;
    readonly required?: boolean;
  };
  readonly act: string;
  readonly danger?: boolean;
}

/** Asks the visitor; `undefined` where they think better of it. */
export function ask({ title, text, field, act, danger }: Question): Promise<string | undefined> {
  const input = field && h("input", { class: "field", value: field.value, required: field.required });
  if (field?.kind === "number" && input !== undefined) {
    input.type = "number";
    input.min = "1";
    input.max = String(field.most);
  } else if (input !== undefined) input.maxLength = field?.most ?? 0;
  const dialog = h("dialog", { class: "dialog", "aria-label": title });
  const yes = h("button", { class: `button ${danger ? "danger" : "primary"}`, value: "yes" }, act);
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", {}, title),
    h("p", {}, text),
    input && h("label", {}, h("span", { class: "label" }, field?.label ?? ""), input),
    h(
      "div",
      { class: "dialog-buttons" },
      button("Cancel", () => dialog.close()),
      yes,
    ),
  );
  dialog.append(form);
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes" ? (input?.value ?? "") : undefined);
      dialog.remove();
    });
    dialog.showModal();
  });
}

const SHOWN_MS = 5_000;

/** Says for a moment what came of something. */
export function toast(text: string, tone: "good" | "bad"): void {
  const line = h("div", { class: "toast", "data-tone": tone }, text);
  document.getElementById("toasts")?.append(line);
  setTimeout(() => line.remove(), SHOWN_MS);
}
