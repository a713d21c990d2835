/** After a swap: the focus stays somewhere sensible, a dialog that did its work closes, trouble is told. */
import { announce } from "./_page";
import { show } from "./_toasts";

interface Context {
  sourceElement?: Element;
  target?: Element | string;
  response?: { status: number };
}

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = (event as CustomEvent<{ ctx: Context }>).detail;
  const target = typeof ctx.target === "string" ? document.querySelector(ctx.target) : ctx.target;
  closeFinishedDialog(ctx, target ?? null);
  const wrong = document.querySelector<HTMLElement>("main [aria-invalid='true'], dialog[open] [aria-invalid='true']");
  if ((ctx.response?.status ?? 200) === 422 && wrong) wrong.focus();
  else if ([document.body, target].includes(document.activeElement)) restFocus(target ?? null);
  const words = document.querySelector<HTMLElement>("[data-announce]");
  if (words) announce(words.dataset.announce ?? "");
});

function closeFinishedDialog(ctx: Context, target: Element | null): void {
  const dialog = ctx.sourceElement?.closest<HTMLDialogElement>("dialog[open]");
  if (dialog && (ctx.response?.status ?? 200) < 400 && target && !dialog.contains(target)) dialog.close();
}

/** Where work in a dialog begins. */
const CONTROL = ".dialog-body :is(input:not([type='hidden']), select, textarea, summary), .dialog-footer :is(button, a)";

function restFocus(target: Element | null): void {
  if (!(target instanceof HTMLElement) || !target.isConnected) return;
  const place = target.querySelector<HTMLElement>(target instanceof HTMLDialogElement ? CONTROL : "[autofocus]") ?? target;
  if (!place.hasAttribute("tabindex") && place === target) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

document.addEventListener("htmx:error", (event) => {
  document.querySelector<HTMLDialogElement>("dialog[open][data-fetched]:empty")?.close(); // nothing will come
  const { error } = (event as CustomEvent<{ error?: unknown }>).detail;
  if (error instanceof TypeError) show({ text: document.getElementById("toasts")?.dataset.offline ?? "", kind: "error" });
});
