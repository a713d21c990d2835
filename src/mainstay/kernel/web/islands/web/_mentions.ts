/** After an @, whoever may be mentioned: choose with the arrows and Enter, or go on typing. */
import { announce, arrived, on } from "./_page";

const BEGUN = /(?:^|[\s(])@([\p{L}\p{N}.'-]{1,30})$/u;
const PAUSE = 120; // milliseconds without a key before the server is asked
let asked = 0;

const options = () => [...(document.getElementById("mentions")?.children ?? [])];

function begun(field: HTMLTextAreaElement): string {
  return BEGUN.exec(field.value.slice(0, field.selectionStart))?.[1] ?? "";
}

function close(field: HTMLElement): void {
  asked++;
  document.getElementById("mentions")?.remove();
  field.removeAttribute("aria-activedescendant");
}

function list(field: HTMLElement): HTMLElement {
  const found = document.getElementById("mentions");
  if (found) return found;
  const made = document.createElement("ul");
  made.id = made.className = "mentions";
  made.setAttribute("role", "listbox");
  field.after(made);
  field.setAttribute("aria-controls", made.id);
  return made;
}

function mark(field: HTMLElement, place: number): void {
  options().forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
  const chosen = options()[place];
  if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
}

function option(name: string, place: number): HTMLElement {
  const made = document.createElement("li");
  made.id = `mention-${place}`;
  made.setAttribute("role", "option");
  made.textContent = name;
  return made;
}

async function offer(field: HTMLTextAreaElement): Promise<void> {
  const word = begun(field);
  if (!word) return close(field);
  const turn = ++asked;
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
  if (turn !== asked) return;
  const answer = await fetch(`${field.dataset.people}?q=${encodeURIComponent(word)}`);
  if (!arrived(answer) || turn !== asked) return;
  const { people } = (await answer.json()) as { people: string[] };
  if (!people.length) return close(field);
  list(field).replaceChildren(...people.map(option));
  mark(field, 0);
  announce(people.join(", "));
}

function take(field: HTMLTextAreaElement, name: string): void {
  const end = field.selectionStart;
  field.setRangeText(`${name} `, end - begun(field).length, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  close(field);
  field.focus();
}

on("input", "textarea[data-people]", (field) => void offer(field as HTMLTextAreaElement));
on("focusout", "textarea[data-people]", close);
on("pointerdown", ".mentions > li", (chosen, event) => {
  event.preventDefault(); // the text keeps the focus
  take(chosen.closest(".composer")?.querySelector("textarea") as HTMLTextAreaElement, chosen.textContent ?? "");
});
on<KeyboardEvent>("keydown", "textarea[data-people]", (field, event) => {
  const all = options();
  if (!all.length) return;
  const place = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
  if (event.key === "Enter" || event.key === "Tab") take(field as HTMLTextAreaElement, all[place]?.textContent ?? "");
  else if (event.key === "ArrowDown") mark(field, (place + 1) % all.length);
  else if (event.key === "ArrowUp") mark(field, (place - 1 + all.length) % all.length);
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault();
});
