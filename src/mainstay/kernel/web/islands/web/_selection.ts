/** Rows chosen for an action on many: a count, a bar, a range with Shift, all and none. */
import { on } from "./_page";

const boxes = () => [...document.querySelectorAll<HTMLInputElement>("input[name='selected']")];
let last: HTMLInputElement | null = null;

function tell(): void {
  const chosen = boxes().filter((box) => box.checked).length;
  for (const box of boxes()) box.closest("tr")?.classList.toggle("selected", box.checked);
  for (const bar of document.querySelectorAll<HTMLElement>("[data-bulk]")) {
    bar.hidden = chosen === 0;
    const words = bar.querySelector<HTMLElement>("[data-selected]");
    if (words) words.textContent = (chosen === 1 ? words.dataset.one : words.dataset.many)?.replace("{count}", String(chosen)) ?? "";
  }
}

on<MouseEvent>("click", "input[name='selected']", (element, event) => {
  const box = element as HTMLInputElement;
  const all = boxes();
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b) as [number, number];
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
  tell();
});
on("change", "[data-select-all]", (element) => choose((element as HTMLInputElement).checked));
on("click", "[data-select-none]", () => choose(false));

function choose(checked: boolean): void {
  for (const box of boxes()) box.checked = checked;
  tell();
}

document.addEventListener("htmx:after:swap", tell);
