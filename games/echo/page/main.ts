import { EchoPanel } from "./echo-panel.ts";

const list = document.getElementById("connections");
const template = document.getElementById("connection");
const add = document.getElementById("add");
if (list === null || add === null || !(template instanceof HTMLTemplateElement))
  throw new Error("page and script belong to different builds");

let count = 0;

function addPanel(): void {
  if (list === null || !(template instanceof HTMLTemplateElement)) return;
  count += 1;
  const panel = new EchoPanel(template, count);
  list.append(panel.view);
  void panel.open();
}

add.addEventListener("click", addPanel);
addPanel();
