/** Files by button, paste or drop: each is sent at once, and the form carries its id as `attachments`.
 *  The form's data-upload takes a multipart `file` and answers `{id, name}`, or `{detail}` when it refuses. */
import { arrived, on, post } from "./_page";
import { show } from "./_toasts";

async function send(form: HTMLElement, file: File): Promise<void> {
  const list = form.querySelector<HTMLElement>("[data-uploads]");
  const line = document.createElement("span");
  line.className = "me-3";
  line.textContent = `${file.name} …`;
  list?.append(line);
  if (list) list.hidden = false;
  const data = new FormData();
  data.append("file", file, file.name || "image.png");
  const answer = await post(form.dataset.upload ?? "", data).catch(() => null);
  const told = (await answer?.json().catch(() => ({}))) as { id?: string; name?: string; detail?: string } | undefined;
  if (!arrived(answer) || !told?.id) {
    line.remove();
    show({ text: told?.detail ?? document.getElementById("toasts")?.dataset.offline ?? "", kind: "error" });
    return;
  }
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "attachments";
  field.value = told.id;
  line.textContent = told.name ?? file.name;
  line.append(field);
}

function sendAll(form: HTMLElement, files: FileList | undefined | null): boolean {
  for (const file of files ?? []) void send(form, file);
  return (files?.length ?? 0) > 0;
}

on<ClipboardEvent>("paste", "form[data-upload]", (form, event) => {
  if (sendAll(form, event.clipboardData?.files)) event.preventDefault();
});
on<DragEvent>("dragover", "form[data-upload]", (form, event) => {
  event.preventDefault();
  form.classList.add("dropping");
});
on("dragleave", "form[data-upload]", (form) => form.classList.remove("dropping"));
on<DragEvent>("drop", "form[data-upload]", (form, event) => {
  form.classList.remove("dropping");
  if (sendAll(form, event.dataTransfer?.files)) event.preventDefault();
});
on("change", "form[data-upload] input[data-files]", (element) => {
  const input = element as HTMLInputElement;
  const form = input.closest<HTMLElement>("form[data-upload]");
  if (form) sendAll(form, input.files);
  input.value = "";
});
