/** What every page runs. Each part looks only at the attributes it is told of, and works on what htmx swaps in. */
import "./_htmx";
