/** htmx with its evaluator removed: no attribute or header can ever be run as a script. */
import htmx from "htmx.org";

function refuse(): never {
  throw new Error("Evaluating attributes is switched off.");
}

htmx.config.includeIndicatorCSS = false; // stands in _look.css, because the policy allows no inline style
htmx.config.prefix = "";
htmx.config.history = "reload"; // a page from the past is asked for again: it may hold what is no longer ours to see

htmx.registerExtension("no-evaluation", {
  init: (internal: { initSecurity: (policy: null, sync: unknown, async: unknown) => void }) =>
    internal.initSecurity(null, refuse, refuse),
  htmx_before_on_init: () => false,
});

export default htmx;
