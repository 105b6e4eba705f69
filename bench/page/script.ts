import { cardSize } from "./card.ts";
import { themeVariables } from "./theme.ts";

/** What the page does beside showing: pictures that are saved, commands that are copied, tips, and what is looked at. */
export const pageScript = `
const root = document.documentElement;
const byId = (id) => document.getElementById(id);

byId("save").onclick = () => {
  const card = byId("card").cloneNode(true);
  const colours = getComputedStyle(root);
  for (const name of ${JSON.stringify(themeVariables)}) card.style.setProperty(name, colours.getPropertyValue(name));
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = byId("chart-style").textContent;
  card.prepend(style);
  card.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = ${cardSize.width};
    canvas.height = ${cardSize.height};
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const link = document.createElement("a");
    link.download = "tickcast-last-receiver.png";
    link.href = canvas.toDataURL("image/png");
    link.click();
  };
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(card));
};

byId("theme").onclick = () => {
  const isDark = getComputedStyle(root).colorScheme === "dark";
  root.dataset.theme = isDark ? "light" : "dark";
};

for (const button of document.querySelectorAll("[data-copy]"))
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(byId("command"));
    }
  };

for (const choice of document.querySelectorAll(".choice"))
  choice.onchange = ({ target }) => {
    for (const shown of choice.parentElement.querySelectorAll("[data-choice]"))
      shown.hidden = shown.dataset.choice !== target.value;
  };

const focusOn = (name) => {
  for (const one of document.querySelectorAll("[data-series]"))
    one.classList.toggle("dim", name !== undefined && one.dataset.series !== name);
};
let pinned;
for (const key of document.querySelectorAll(".key")) {
  key.onpointerenter = () => focusOn(key.dataset.of);
  key.onpointerleave = () => focusOn(pinned);
  key.onclick = () => focusOn((pinned = pinned === key.dataset.of ? undefined : key.dataset.of));
}

const tip = byId("tip");
for (const native of document.querySelectorAll("[data-tip]>title")) native.remove();
addEventListener("pointerover", ({ target, clientX, clientY }) => {
  const told = target.closest?.("[data-tip]");
  tip.classList.toggle("on", told != null);
  if (told == null) return;
  tip.textContent = told.dataset.tip;
  const { offsetWidth: width, offsetHeight: height } = tip;
  tip.style.left = Math.max(6, Math.min(innerWidth - width - 6, clientX - width / 2)) + "px";
  tip.style.top = Math.max(6, clientY - height - 14) + "px";
});
`;
