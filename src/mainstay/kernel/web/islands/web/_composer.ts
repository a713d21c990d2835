/** A prepared text goes into the text that is being written, at the cursor; the dialog it was chosen in closes. */
import { on } from "./_page";

on("click", "[data-insert]", (button) => {
  const words = document.getElementById(button.dataset.insert ?? "");
  const field = document.getElementById("composer-body");
  if (!(words instanceof HTMLTextAreaElement) || !(field instanceof HTMLTextAreaElement)) return;
  const { selectionStart: from, selectionEnd: to, value } = field;
  const gap = from > 0 && !/\s$/.test(value.slice(0, from)) ? "\n" : "";
  field.setRangeText(gap + words.value, from, to, "end");
  button.closest("dialog")?.close();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
