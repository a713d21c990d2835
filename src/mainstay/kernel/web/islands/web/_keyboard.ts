/** Single keys for people who work here all day; off when the person says so (WCAG 2.1.4). */
import { html, on } from "./_page";
import { openDialog } from "./_menus";
import { peek } from "./_peek";

let waitingForPlace = false;

const rows = () => [...document.querySelectorAll<HTMLElement>("[data-row]")];
const current = () => document.querySelector<HTMLElement>("[data-row].current");

function move(by: number): void {
  const all = rows();
  const from = current();
  const next = all[from ? Math.min(Math.max(all.indexOf(from) + by, 0), all.length - 1) : 0];
  if (!next) return;
  from?.classList.remove("current");
  next.classList.add("current");
  next.querySelector<HTMLElement>("[data-open]")?.focus();
  next.scrollIntoView({ block: "nearest" });
}

/** The places that `g` leads to are those of this page's menu. */
function help(): void {
  const places = document.querySelector<HTMLElement>("#shortcuts [data-places]");
  if (places && !places.childElementCount) {
    for (const link of document.querySelectorAll<HTMLElement>("[data-go]")) {
      const [keys, words] = [document.createElement("dt"), document.createElement("dd")];
      for (const key of ["g", link.dataset.go ?? ""]) {
        const sign = document.createElement("kbd");
        sign.textContent = key;
        keys.append(sign, " ");
      }
      words.textContent = link.querySelector("span")?.textContent ?? "";
      places.append(keys, words);
    }
  }
  openDialog("shortcuts");
}

const keys: Record<string, () => void> = {
  j: () => move(1),
  k: () => move(-1),
  x: () => current()?.querySelector<HTMLInputElement>("input[name='selected']")?.click(),
  p: () => void (current() && peek(current()!)),
  Enter: () => current()?.querySelector<HTMLElement>("[data-open]")?.click(),
  "?": help,
  g: () => {
    waitingForPlace = true;
    setTimeout(() => (waitingForPlace = false), 1500);
  },
};

/** Press what the page marked for a key: a field takes the focus, anything else is clicked. */
function press(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) return false;
  const writes = element.matches("textarea, input:not([type='radio'], [type='checkbox'])");
  if (!writes) element.click();
  if (element.matches("input[type='radio']")) element.closest("form")?.querySelector<HTMLElement>("textarea")?.focus();
  if (writes) element.focus();
  return true;
}

function typing(event: KeyboardEvent): boolean {
  const element = event.target as HTMLElement;
  return element.isContentEditable || element.matches("input:not([type='checkbox'], [type='radio']), textarea, select");
}

on("click", "[data-dialog='shortcuts']", help);

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
    openDialog("palette");
    event.preventDefault();
    return;
  }
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented;
  if (busy || typing(event) || html.dataset.shortcuts === "off" || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.target as HTMLElement).matches("a, button, summary")) return;
  const name = CSS.escape(event.key);
  const done = waitingForPlace ? press(`[data-go="${name}"]`) : press(`[data-shortcut="${name}"]`);
  if (!done && !waitingForPlace) keys[event.key]?.();
  if (event.key !== "g") waitingForPlace = false;
  if (done || event.key in keys) event.preventDefault();
});
