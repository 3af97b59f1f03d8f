// For the page around a frame: makes the iframe, keeps its height, and talks to it.

/**
 * Puts a frame of widgets into an element.
 *
 * @param {Element} container
 * @param {{src: string | URL, title: string} & Record<string, unknown>} options `src` is the address of `frame.html`;
 *   `title` names the frame for screen readers; the rest goes into its query string: `widget`, or `widgets` as an array
 *   of `{tag, …attributes}`, and attributes (`contacts`, `deals`, `metric`, `period`, …)
 */
export function createFrame(container, { src, title, ...asked }) {
  const document = container.ownerDocument;
  const window = document.defaultView;
  const address = new URL(src, document.baseURI);
  for (const [name, value] of Object.entries(asked)) {
    if (value == null) continue;
    if (name === "widget") for (const tag of [value].flat()) address.searchParams.append(name, tag);
    else address.searchParams.set(name, typeof value === "object" && !(value instanceof URL) ? JSON.stringify(value) : value);
  }
  address.searchParams.set("parent", window.location.origin);

  const iframe = document.createElement("iframe");
  iframe.title = title;
  iframe.src = address.href;
  iframe.style.width = "100%";
  iframe.style.border = "0";
  iframe.style.display = "block";

  const events = new EventTarget();
  let port;
  let waiting = [];
  const hear = (event) => {
    if (event.source !== iframe.contentWindow || event.origin !== address.origin) return;
    const { type, height } = event.data ?? {};
    if (type === "mops:resize" && Number.isFinite(height)) iframe.style.height = `${height}px`;
    if (type === "mops:hello") {
      const channel = new MessageChannel();
      port?.close();
      port = channel.port1;
      port.onmessage = ({ data }) => {
        if (data?.type !== "mops:event") return;
        const { name, ...detail } = data;
        events.dispatchEvent(new CustomEvent(name, { detail }));
      };
      iframe.contentWindow.postMessage({ type: "mops:connect" }, address.origin, [channel.port2]);
      for (const message of waiting) port.postMessage(message);
      waiting = [];
    }
  };
  const send = (message) => (port ? port.postMessage(message) : waiting.push(message));
  window.addEventListener("message", hear);
  container.append(iframe);

  return {
    iframe,
    /** Hears `mops-ready`, `mops-error`, … of the frame; `detail` is `{widget, tag, detail}`. */
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
    /** Sets attributes (`null` removes) of all widgets in the frame, or of one by its place. */
    setAttributes: (attributes, widget) => send({ type: "mops:set", attributes, widget }),
    /** Chooses period, comparison and filter, as `<mops-filters>` would. */
    setFilters: (filters) => send({ ...filters, type: "mops:filters" }),
    refresh: () => send({ type: "mops:refresh" }),
    /** Takes the frame away. */
    remove() {
      window.removeEventListener("message", hear);
      port?.close();
      iframe.remove();
    },
  };
}
