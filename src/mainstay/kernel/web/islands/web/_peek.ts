/** A look at a record without leaving the list: its fragment in a dialog at the side. */
import htmx from "./_htmx";
import { openDialog } from "./_menus";
import { on } from "./_page";

export function peek(row: HTMLElement): void {
  const address = row.dataset.peek;
  if (!address) return;
  void htmx.ajax("GET", address, { target: "#peek", swap: "innerHTML" }).then(() => openDialog("peek"));
}

on("click", "[data-peek-open]", (button) => {
  const row = button.closest<HTMLElement>("[data-peek]");
  if (row) peek(row);
});
