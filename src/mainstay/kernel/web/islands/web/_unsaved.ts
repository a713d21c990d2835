/** Leaving a form with text in it asks first, unless the text is kept as a draft. */
import { on } from "./_page";

const changed = new Set<HTMLElement>();

on("input", "form[data-unsaved]", (form) => changed.add(form));
on("submit", "form[data-unsaved]", (form) => changed.delete(form));
on("draft:kept", "form[data-unsaved]", (form) => changed.delete(form));

window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});
