/** Short messages: those the page came with, and those an answer to htmx carries in HX-Trigger. */
import { on, post } from "./_page";

interface Message {
  text: string;
  kind: string;
  undo?: string;
}

const READING = 8000; // milliseconds; errors and offers to undo stay until they are dismissed

const area = () => document.getElementById("toasts") as HTMLElement;

export function show(message: Message): void {
  const toast = document.createElement("div");
  toast.className = `toast-message ${message.kind}`;
  toast.dataset.toast = "";
  const words = document.createElement("p");
  words.textContent = message.text;
  toast.append(words);
  if (message.undo) toast.append(undo(message.undo));
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", area().dataset.dismiss ?? "");
  toast.append(close);
  area().append(toast);
  fade(toast);
}

function undo(address: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = area().dataset.undo ?? "";
  button.addEventListener("click", () => void post(address, {}).then(() => location.reload()));
  return button;
}

function fade(toast: HTMLElement): void {
  if (toast.matches(".error, .warning") || toast.querySelector(".btn:not(.btn-close)")) return;
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, READING) : toast.remove());
  setTimeout(leave, READING);
}

document.addEventListener("toasts", (event) => {
  for (const message of (event as CustomEvent<{ messages: Message[] }>).detail.messages) show(message);
});
on("click", "[data-dismiss]", (button) => button.closest("[data-toast]")?.remove());
for (const toast of document.querySelectorAll<HTMLElement>("[data-toast]")) fade(toast);
