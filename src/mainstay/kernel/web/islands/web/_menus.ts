/** Menus, dialogs and the rail: opened by what HTML offers, closed as people expect. */
import { on } from "./_page";

const openMenus = () => document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    const inside = menu.contains(event.target as Node);
    const chosen = inside && (event.target as Element).closest(".dropdown-item");
    if (!inside || chosen) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = [...openMenus()].at(-1);
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary")?.focus();
    event.preventDefault();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    step(menu, event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
  }
});

function step(menu: HTMLElement, by: number): void {
  const items = [...menu.querySelectorAll<HTMLElement>(".dropdown-item")];
  const next = items.indexOf(document.activeElement as HTMLElement) + by;
  items[(next + items.length) % items.length]?.focus();
}

/**
 * Open a dialog of the page over everything else. One whose contents are fetched opens empty: what it last held would
 * invite typing that the contents under way then sweep away.
 */
export function openDialog(id: string): HTMLDialogElement | null {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return null;
  if (!dialog.open) {
    if ("fetched" in dialog.dataset) dialog.replaceChildren();
    dialog.showModal();
  }
  return dialog;
}

on("click", "[data-dialog]", (opener) => openDialog(opener.dataset.dialog ?? ""));

// A click on what lies behind a dialog closes it; the dialog itself is the target of such a click only.
document.addEventListener("mousedown", (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement)) return;
  const box = dialog.getBoundingClientRect();
  const within = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!within) dialog.close();
});

on("click", "[data-toggle]", (button) => {
  const panel = document.getElementById(button.dataset.toggle ?? "");
  const opened = panel?.classList.toggle("open") ?? false;
  button.setAttribute("aria-expanded", String(opened));
  if (opened) panel?.querySelector<HTMLElement>("a")?.focus();
});
