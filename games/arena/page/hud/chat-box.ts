import { isOperating } from "../controls/keyboard.ts";
import { element } from "../element.ts";

/** Where one writes: Enter opens it, Enter sends, Escape leaves. `/name …` takes another name. */
export function chatBox(act: {
  readonly say: (text: string) => void;
  readonly rename: (name: string) => void;
}): void {
  const form = element("chat-form", HTMLFormElement);
  const field = element("chat-text", HTMLInputElement);

  const open = (): void => {
    form.classList.add("open");
    field.focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    const name = /^\/name\s+(.+)$/.exec(text)?.[1];
    if (name !== undefined) act.rename(name);
    else if (text !== "") act.say(text);
    field.value = "";
    field.blur();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") field.blur();
  });
  field.addEventListener("blur", () => form.classList.remove("open"));
  element("touch-chat", HTMLButtonElement).addEventListener("click", open);
  addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || isOperating(event)) return;
    event.preventDefault();
    open();
  });
}
