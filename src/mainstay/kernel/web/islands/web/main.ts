/** What every page runs. Each part looks only at the attributes it is told of, and works on what htmx swaps in. */
import "./_htmx";
import "./_menus";
import "./_toasts";
import "./_swaps";
import "./_preferences";
import "./_presence";
import "./_keyboard";
import "./_palette";
import "./_peek";
import "./_selection";
import "./_composer";
import "./_mentions";
import "./_drafts";
import "./_files";
import "./_unsaved";
import "./_times";
