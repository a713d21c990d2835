/** Who else has this record open, and who is writing: told and asked every ten seconds, while the page is looked at. */
import { arrived, each, on, post } from "./_page";

const EVERY = 10_000; // milliseconds
const WRITING = 20_000; // so long after the last key somebody still counts as writing
let typed = 0;

async function tell(place: HTMLElement): Promise<void> {
  if (document.hidden) return;
  const field = document.querySelector<HTMLTextAreaElement>("#composer-body");
  const replying = Boolean(field?.value) && Date.now() - typed < WRITING;
  const answer = await post(place.dataset.presence ?? "", { replying: replying ? "yes" : "", seen: place.dataset.seen ?? "" }).catch(() => null);
  if (!arrived(answer)) return;
  const { words, news } = (await answer.json()) as { words: string; news: string };
  for (const [name, text] of Object.entries({ words, news })) {
    const part = place.querySelector<HTMLElement>(`[data-${name}]`);
    if (!part || part.dataset.shown === text) continue;
    part.dataset.shown = text;
    part.hidden = !text;
    const line = part.querySelector<HTMLElement>("[data-text]");
    if (line) line.textContent = text;
  }
}

each("[data-presence]", (place) => {
  void tell(place);
  const timer = setInterval(() => (place.isConnected ? void tell(place) : clearInterval(timer)), EVERY);
});

on("input", "#composer-body", () => {
  const began = Date.now() - typed > WRITING;
  typed = Date.now();
  const place = document.querySelector<HTMLElement>("[data-presence]");
  if (began && place) void tell(place);
});

window.addEventListener("pagehide", () => {
  const place = document.querySelector<HTMLElement>("[data-presence]");
  if (place) void post(place.dataset.presence ?? "", { gone: "yes" }).catch(() => null);
});
