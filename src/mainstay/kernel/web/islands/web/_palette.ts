/** Ctrl+K: type, choose with the arrows, go. */
import { arrived, on } from "./_page";

const results = () => document.getElementById("palette-results") as HTMLElement;
const options = () => [...results().querySelectorAll<HTMLElement>("a[role='option']")];
const PAUSE = 120; // milliseconds without a key before the server is asked
let asked = 0;

async function ask(input: HTMLInputElement): Promise<void> {
  const turn = ++asked;
  await new Promise((resolve) => setTimeout(resolve, input.value ? PAUSE : 0));
  if (turn !== asked) return;
  const answer = await fetch(`${input.dataset.palette}?q=${encodeURIComponent(input.value)}`);
  if (!arrived(answer) || turn !== asked) return;
  results().innerHTML = await answer.text(); // our own fragment, escaped by the server
  mark(input, 0);
}

function mark(input: HTMLElement, place: number): void {
  const all = options();
  all.forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
  const chosen = all[place];
  if (chosen) input.setAttribute("aria-activedescendant", chosen.id);
  else input.removeAttribute("aria-activedescendant");
  chosen?.scrollIntoView({ block: "nearest" });
}

on("input", "[data-palette]", (input) => void ask(input as HTMLInputElement));
on("focusin", "[data-palette]", (input) => {
  (input as HTMLInputElement).select(); // what was looked for last is typed over
  void ask(input as HTMLInputElement);
});
on<KeyboardEvent>("keydown", "[data-palette]", (input, event) => {
  const all = options();
  const place = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "Enter") all[place]?.click();
  else if (event.key === "ArrowDown") mark(input, (place + 1) % all.length);
  else if (event.key === "ArrowUp") mark(input, (place - 1 + all.length) % all.length);
  else if (event.key === "Escape") input.closest("dialog")?.close(); // a search field would only be emptied
  else return;
  event.preventDefault();
});
