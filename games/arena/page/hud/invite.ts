import { renderSVG } from "uqr";
import { element } from "../element.ts";

/** The address of this room, to send and to scan. */
export function invitePanel(): void {
  const button = element("invite-button", HTMLButtonElement);
  const panel = element("invite", HTMLElement);
  const link = element("invite-link", HTMLInputElement);
  const copy = element("invite-copy", HTMLButtonElement);

  const show = (open: boolean): void => {
    panel.hidden = !open;
    button.ariaExpanded = String(open);
    if (!open) return;
    link.value = location.href;
    element("invite-code", HTMLElement).innerHTML = renderSVG(location.href, {
      border: 0,
      blackColor: "#0d1526",
      whiteColor: "#f3f7ff",
    });
    const hint = element("invite-hint", HTMLElement);
    hint.hidden = !isOwnMachine(location.hostname);
    hint.textContent =
      "This address leads to your own machine. For another device open the page by this machine's network address first.";
    copy.focus();
  };
  button.addEventListener("click", () => show(panel.hidden !== false));
  link.addEventListener("focus", () => link.select());
  copy.addEventListener("click", () => void copyText(link, copy));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
  });
  addEventListener("pointerdown", ({ target }) => {
    if (!(target instanceof Node) || panel.contains(target) || button.contains(target)) return;
    show(false);
  });
}

async function copyText(link: HTMLInputElement, button: HTMLButtonElement): Promise<void> {
  link.select();
  try {
    await navigator.clipboard.writeText(link.value);
    button.textContent = "Copied";
  } catch {
    // Pages without https have no clipboard: the link is selected, for the visitor's own copy.
    button.textContent = "Selected";
  }
  setTimeout(() => {
    button.textContent = "Copy";
  }, 1_600);
}

function isOwnMachine(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}
