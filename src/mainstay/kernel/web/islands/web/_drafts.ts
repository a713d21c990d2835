/** Unfinished text is kept on the server while it is typed, and given back where it was begun. */
import { arrived, each, on, post } from "./_page";

const PAUSE = 800; // milliseconds without a key before the text is kept
const address = () => document.body.dataset.draftUrl;
const waiting = new Map<HTMLTextAreaElement, number>();

function keep(field: HTMLTextAreaElement): void {
  clearTimeout(waiting.get(field));
  waiting.delete(field);
  const place = address();
  if (!place) return;
  void post(place, { key: field.dataset.draft ?? "", body: field.value }).then((answer) => {
    if (arrived(answer)) field.dispatchEvent(new CustomEvent("draft:kept", { bubbles: true }));
  });
}

function sentMark(field: HTMLTextAreaElement): string {
  return `sent:${field.dataset.draft}`;
}

async function restore(field: HTMLTextAreaElement): Promise<void> {
  const place = address();
  if (!place) return;
  const sent = sessionStorage.getItem(sentMark(field)) !== null;
  sessionStorage.removeItem(sentMark(field));
  if (field.value) return; // an answer that was refused brings its text with it
  if (sent) return keep(field); // it was sent: forget it
  const answer = await fetch(`${place}?key=${encodeURIComponent(field.dataset.draft ?? "")}`);
  if (!arrived(answer)) return;
  const { body } = (await answer.json()) as { body: string };
  if (body && !field.value) {
    field.value = body;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

each("textarea[data-draft]", (field) => void restore(field as HTMLTextAreaElement));

on("input", "textarea[data-draft]", (element) => {
  const field = element as HTMLTextAreaElement;
  sessionStorage.removeItem(sentMark(field)); // what is typed after sending is a new draft
  clearTimeout(waiting.get(field));
  waiting.set(field, window.setTimeout(() => keep(field), PAUSE));
});

on("submit", "form", (form) => {
  for (const field of form.querySelectorAll<HTMLTextAreaElement>("textarea[data-draft]")) {
    clearTimeout(waiting.get(field));
    waiting.delete(field);
    sessionStorage.setItem(sentMark(field), "");
  }
});

window.addEventListener("pagehide", () => waiting.forEach((_timer, field) => keep(field)));
