/** Theme, density, shortcuts: changed at once, remembered with the person. */
import { html, on, post } from "./_page";

function apply(key: string, value: string): void {
  html.dataset[key] = value;
  if (key !== "theme") return;
  if (value === "auto") delete html.dataset.bsTheme;
  else html.dataset.bsTheme = value;
}

on("click", "[data-preference]", (element) => {
  const button = element as HTMLButtonElement;
  const key = button.dataset.preference ?? "";
  apply(key, button.value);
  for (const choice of document.querySelectorAll<HTMLButtonElement>(`[data-preference="${CSS.escape(key)}"]`)) {
    choice.setAttribute("aria-pressed", String(choice.value === button.value));
  }
  const address = document.body.dataset.preferenceUrl;
  if (address) void post(address, { key, value: button.value });
});
