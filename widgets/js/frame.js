// The frame page: any widget, or a set of them, from the query string. It tells its parent how high it is, and takes
// attributes, filters and refreshes from it. It talks to one origin only: the one named in `?parent=`, else its own.
import "./index.js";
import { parseAddress } from "./address.js";
import { attributes } from "./tags.js";
import { version } from "./version.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  html { background: transparent; color-scheme: light dark; }
  body { margin: 0; font: 14px/1.4 system-ui, sans-serif; }
  main { display: flow-root; }
  main > * + * { margin-block-start: 16px; }
  main > [hidden] { display: none; }
`);
document.adoptedStyleSheets = [sheet];

const main = document.createElement("main");
document.body.append(main);

let origin = location.origin;
let source;
let widgets = [];
try {
  const asked = parseAddress(location.search, location.href);
  origin = asked.parent ?? origin;
  source = element("mops-source", asked.source);
  // Widgets say themselves how their data fares.
  source.hidden = true;
  widgets = asked.widgets.map(({ tag, attributes }) => element(tag, attributes));
  main.append(source, ...widgets);
} catch (error) {
  main.textContent = error.message;
  main.setAttribute("role", "alert");
}

function element(tag, values) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
  return made;
}

if (parent !== window) {
  const tell = (message) => parent.postMessage(message, origin);

  // The content is measured, never the window: so the frame can shrink as well as grow.
  let height;
  new ResizeObserver(() => {
    const now = Math.ceil(main.getBoundingClientRect().height);
    if (now !== height) tell({ type: "mops:resize", height: (height = now) });
  }).observe(main);

  addEventListener("message", (event) => {
    if (event.source !== parent || event.origin !== origin || event.data?.type !== "mops:connect") return;
    const [port] = event.ports;
    if (port) connect(port);
  });
  tell({ type: "mops:hello", version });
}

function connect(port) {
  port.onmessage = ({ data }) => {
    if (data?.type === "mops:set") {
      const targets = data.widget === undefined ? widgets : [widgets[data.widget]].filter(Boolean);
      for (const [name, value] of Object.entries(data.attributes ?? {})) {
        if (!attributes.includes(name) || name === "source") continue;
        for (const target of name === "as-of" ? [source, ...targets] : targets) {
          if (value == null) target.removeAttribute(name);
          else target.setAttribute(name, String(value));
        }
      }
    } else if (data?.type === "mops:filters") {
      const { period, compare, filter } = data;
      source?.store.choose(JSON.parse(JSON.stringify({ period, compare, filter })));
    } else if (data?.type === "mops:refresh") {
      source?.refresh();
    }
  };
  for (const name of ["mops-ready", "mops-error", "mops-change", "mops-filter-change", "mops-select"]) {
    main.addEventListener(name, ({ target, detail }) => {
      port.postMessage({ type: "mops:event", name, widget: widgets.indexOf(target), tag: target.localName, detail });
    });
  }
}
