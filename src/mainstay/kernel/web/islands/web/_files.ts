/** Files by button, paste and drop: all of them lie in the form's own file field and go with its text. */
import { on } from "./_page";

const FORM = "form:has([data-files])";

const place = (form: HTMLElement) => form.querySelector<HTMLElement>("[data-files]") as HTMLElement;
const field = (form: HTMLElement) => place(form).querySelector("input[type='file']") as HTMLInputElement;

function choose(form: HTMLElement, files: File[]): void {
  const chosen = new DataTransfer();
  for (const file of files) chosen.items.add(file);
  field(form).files = chosen.files;
  list(form);
}

function add(form: HTMLElement, files: FileList | undefined | null): boolean {
  if (!files?.length) return false;
  choose(form, [...(field(form).files ?? []), ...files]);
  return true;
}

/** Show what is chosen, each with a button that leaves it out again. */
function list(form: HTMLElement): void {
  const files = [...(field(form).files ?? [])];
  const chosen = place(form).querySelector("[data-chosen]") as HTMLElement;
  chosen.hidden = files.length === 0;
  chosen.replaceChildren(...files.map((file) => line(form, file)));
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function line(form: HTMLElement, file: File): HTMLElement {
  const item = document.createElement("li");
  item.className = "chip chip-filter";
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "btn-close";
  remove.setAttribute("aria-label", place(form).dataset.files?.replace("{name}", file.name) ?? "");
  remove.addEventListener("click", () => {
    choose(form, [...(field(form).files ?? [])].filter((each) => each !== file));
    field(form).focus();
  });
  item.append(file.name, remove);
  return item;
}

on<ClipboardEvent>("paste", FORM, (form, event) => {
  if (add(form, event.clipboardData?.files)) event.preventDefault();
});
on<DragEvent>("dragover", FORM, (form, event) => {
  event.preventDefault();
  form.classList.add("dropping");
});
on<DragEvent>("dragleave", FORM, (form, event) => {
  if (!form.contains(event.relatedTarget as Node | null)) form.classList.remove("dropping");
});
on<DragEvent>("drop", FORM, (form, event) => {
  form.classList.remove("dropping");
  if (add(form, event.dataTransfer?.files)) event.preventDefault();
});
on("change", `${FORM} [data-files] input`, (input) => list(input.closest<HTMLElement>(FORM) as HTMLElement));
