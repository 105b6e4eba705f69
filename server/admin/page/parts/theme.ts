const KEY = "tickcast.theme";
const names = ["system", "light", "dark"] as const;
type Theme = (typeof names)[number];

const labels: Readonly<Record<Theme, string>> = {
  system: "Theme: as the system",
  light: "Theme: light",
  dark: "Theme: dark",
};

let theme: Theme = names.find((name) => name === localStorage.getItem(KEY)) ?? "system";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** Puts the theme on the page, now and whenever the system's changes. */
export function applyTheme(): void {
  const isDark = theme === "dark" || (theme === "system" && systemIsDark.matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  // Canvases hold colours of their own: they are drawn anew.
  dispatchEvent(new Event("themechange"));
}

systemIsDark.addEventListener("change", applyTheme);

/** A button that goes through the themes. */
export function themeButton(): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "icon-button theme-button";
  const show = (): void => {
    made.dataset.choice = theme;
    made.title = labels[theme];
    made.setAttribute("aria-label", labels[theme]);
  };
  made.addEventListener("click", () => {
    theme = names[(names.indexOf(theme) + 1) % names.length] as Theme;
    localStorage.setItem(KEY, theme);
    applyTheme();
    show();
  });
  show();
  return made;
}
