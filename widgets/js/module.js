import { MopsError } from "./error.js";

// The widgets' WebAssembly module: loaded when the first element mounts, started afresh when it dies.

/** Elements with a mounted widget. Each has `died(error)` (drop the handle) and `mount()`. */
export const mounted = new Set();

const restarts = [];
let instance;
let started = 0;

/** The running module's bindings. */
export function widgets() {
  return (instance ??= start(started++));
}

async function start(generation) {
  try {
    // A module that has died can't be brought back: the bindings are imported once more, under another address.
    const bindings = generation
      ? await import(
          /* webpackIgnore: true */ /* @vite-ignore */ `${new URL("./mops_widgets.js", import.meta.url)}?${generation}`
        )
      : await import("./mops_widgets.js");
    await bindings.default({ module_or_path: new URL("./mops_widgets_bg.wasm", import.meta.url) });
    // The same listener is there once, however often it is added.
    addEventListener("error", listen);
    return bindings;
  } catch (error) {
    // The next element tries again: the network may be back.
    instance = undefined;
    throw error;
  }
}

// A trap in a listener or a task of the module surfaces here and nowhere else.
function listen({ error }) {
  if (isTrap(error) && /mops_widgets/.test(error.stack)) died(error);
}

/** Whether the module that threw this is beyond use. */
export const isTrap = (error) => error instanceof WebAssembly.RuntimeError;

/** Starts afresh and remounts every element but the culprit; gives up after three deaths within a minute. */
export function died(cause, culprit) {
  const now = Date.now();
  while (restarts[0] < now - 60_000) restarts.shift();
  const gone = restarts.push(now) > 3;
  instance = gone ? Promise.reject(cause) : undefined;
  instance?.catch(() => {});
  const error = new MopsError(
    {
      code: "widget_died",
      message: "The widgets stopped working.",
      mend: gone ? "Reload the page." : "They are being started again.",
    },
    { cause },
  );
  for (const element of [...mounted]) {
    const last = gone || element === culprit;
    element.died(error, last);
    if (!last) element.mount();
  }
}

const sheets = new WeakMap();

/** The one stylesheet that all elements of a document share. */
export function sheet(document, text) {
  let shared = sheets.get(document);
  if (!shared) {
    shared = new document.defaultView.CSSStyleSheet();
    shared.replaceSync(text);
    sheets.set(document, shared);
  }
  return shared;
}
