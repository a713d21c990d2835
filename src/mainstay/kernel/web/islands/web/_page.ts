/** What the page tells its scripts, and listening in a way that survives swaps. */

export const html = document.documentElement;

/** Listen for an event on whatever matches the selector, now or after a swap. */
export function on<E extends Event = Event>(
  type: string,
  selector: string,
  handle: (element: HTMLElement, event: E) => void,
  options?: AddEventListenerOptions,
): void {
  document.addEventListener(
    type,
    (event) => {
      const element = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
      if (element) handle(element, event as E);
    },
    options,
  );
}

/** Run for every matching element of the page, and of everything that is swapped in later. */
export function each(selector: string, meet: (element: HTMLElement) => void): void {
  const met = new WeakSet<Element>();
  const look = () => {
    for (const element of document.querySelectorAll<HTMLElement>(selector)) {
      if (met.has(element)) continue;
      met.add(element);
      meet(element);
    }
  };
  look();
  document.addEventListener("htmx:after:swap", look);
}

/** Post values with the page's proof of origin; the request outlives the page. */
export function post(address: string, values: Record<string, string> | FormData): Promise<Response> {
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}") as Record<string, string>;
  const multipart = values instanceof FormData;
  const body = multipart ? values : new URLSearchParams(values);
  return fetch(address, { method: "POST", headers, body, keepalive: !multipart });
}

/** Whether an answer is what was asked for; one that was redirected is the sign-in page of somebody signed out. */
export function arrived(answer: Response | null): answer is Response {
  return answer !== null && answer.ok && !answer.redirected;
}

export function announce(text: string): void {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = text;
}
