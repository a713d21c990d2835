/** htmx with its evaluator removed: no attribute or header can ever be run as a script. Its other settings stand in `_head.html`. */
import htmx from "htmx.org";

function refuse(): never {
  throw new Error("Evaluating attributes is switched off.");
}

htmx.registerExtension("no-evaluation", {
  init: (internal: { initSecurity: (policy: null, sync: unknown, async: unknown) => void }) =>
    internal.initSecurity(null, refuse, refuse),
  htmx_before_on_init: () => false,
});

export default htmx;
