import { MopsError } from "./error.js";
import { died, isTrap, mounted, sheet, widgets } from "./module.js";
import { buildQuery } from "./query.js";
import { pause } from "./slices.js";
import { attributes, camel } from "./tags.js";
import { version } from "./version.js";

/** Every connected element: sources and widgets find one another here, in whatever order they appear. */
export const connected = new Set();

/** Fills in what a view's definitions say, once anybody has asked for that. */
let fill;

/** Milliseconds that a named source may take to appear. */
const SEARCH = 1000;

let resolving;
/** Lets every widget look for its source again, once, when the page has settled. */
export function resolveSources() {
  resolving ??= Promise.resolve().then(() => {
    resolving = undefined;
    for (const element of connected) element.resolve();
  });
}

/** Whether so few letters more, less or other make one word of the other. */
const isNear = (one, other, letters) =>
  one === other ||
  (one[0] === other[0]
    ? isNear(one.slice(1), other.slice(1), letters)
    : letters > 0 &&
      (isNear(one.slice(1), other.slice(1), letters - 1) ||
        isNear(one.slice(1), other, letters - 1) ||
        isNear(one, other.slice(1), letters - 1)));

/** The life cycle of one element. What it shows is the widget's: see `mount` in the WebAssembly module. */
export class MopsElement extends (globalThis.HTMLElement ?? class {}) {
  static version = version;
  static observedAttributes = attributes;

  #widget;
  #changed;
  #store;
  #state = { phase: "idle" };
  #given;
  #shown;
  #drawn;
  #sent;
  #reported;
  #wordless;
  #isCulprit = false;
  #searching;

  connectedCallback() {
    if (!this.shadowRoot) {
      const root = this.attachShadow({ mode: "open" });
      // Whoever looks at the values of a field is about to choose one.
      const look = ({ target, relatedTarget }) => {
        const field = target.closest("[data-field]");
        if (field && !field.contains(relatedTarget)) this.#store?.look(this, field.dataset.field);
      };
      for (const type of ["pointerover", "focusin"]) root.addEventListener(type, look);
      const { prototype, observedAttributes: known } = this.constructor;
      // Properties that were set before the element was defined hide its own.
      for (const [name, value] of Object.entries(this)) {
        if (name in prototype) {
          delete this[name];
          this[name] = value;
        }
      }
      // Frameworks and hosts add attributes of their own: only what is nearly one of ours is told, one letter in four wrong.
      for (const field of this.getAttributeNames()) {
        const meant = !(field in this) && known.find((name) => isNear(field, name, name.length >> 2));
        if (meant && meant !== field) {
          const [message, mend] = [`“${field}” is no attribute.`, `Did you mean “${meant}”?`];
          console.warn(message, mend);
          this.fail({ code: "bad_query", message, mend });
        }
      }
    }
    connected.add(this);
    resolveSources();
    this.mount();
  }

  disconnectedCallback() {
    // Moving an element disconnects and connects it at once: that keeps its widget.
    queueMicrotask(() => this.isConnected || this.leave());
  }

  adoptedCallback() {
    if (this.#widget) widgets().then((module) => this.isConnected && this.#dress(module));
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (!this.#changed) {
      this.#changed = {};
      queueMicrotask(() => {
        const changed = this.#changed;
        this.#changed = undefined;
        const waits = this.#isCulprit;
        this.#call((widget) => widget.set_attributes(changed));
        if (!this.isConnected) return;
        if (waits) this.mount();
        this.changed(changed);
      });
    }
    this.#changed[name] = after;
  }

  /** Attributes have changed. */
  changed(changed) {
    if ("source" in changed) resolveSources();
    this.#store?.flush();
  }

  /** The element has left the page. */
  leave() {
    connected.delete(this);
    clearTimeout(this.#searching);
    mounted.delete(this);
    this.subscribe(undefined);
    const widget = this.#widget;
    this.#call((widget) => widget.unmount());
    if (this.#widget === widget) {
      this.#widget = undefined;
      widget?.free();
      this.shadowRoot.replaceChildren();
    }
  }

  /** Mounts the widget, if the element is still there when the module is. */
  async mount() {
    let module;
    try {
      // Each in a task of its own: many widgets that mount at once don't hold up the page.
      module = await widgets().then(pause).then(widgets);
    } catch (error) {
      if (isTrap(error)) return this.fail(error);
      const unavailable = {
        code: "widget_unavailable",
        message: `The widgets could not be started: ${error.message}`,
        mend: "Serve mops_widgets_bg.wasm beside the scripts, and allow 'wasm-unsafe-eval' in script-src.",
      };
      // There is nothing to draw with, but a page that stays empty helps nobody.
      this.shadowRoot.replaceChildren(`${unavailable.message} ${unavailable.mend}`);
      return this.fail(unavailable);
    }
    if (!this.isConnected || this.#widget) return;
    this.#dress(module);
    const element = this;
    const port = {
      act: (action) => this.act(action),
      get locale() {
        return element.around("[lang]")?.lang || navigator.language;
      },
    };
    mounted.add(this);
    this.#isCulprit = false;
    this.#sent = undefined;
    this.shadowRoot.replaceChildren();
    try {
      this.#widget = module.mount(this.localName, this.shadowRoot, port);
    } catch (error) {
      this.#caught(error);
    }
    const all = {};
    for (const { name, value } of this.attributes) all[name] = value;
    this.#call((widget) => widget.set_attributes(all));
    if (this.#widget) this.#show();
  }

  #dress(module) {
    this.shadowRoot.adoptedStyleSheets = [sheet(this.ownerDocument, module.styles())];
  }

  /** The widget's module has died: what is on screen can't be worked any more. `last`: nothing will take its place. */
  died(error, last) {
    this.#widget = undefined;
    this.shadowRoot.replaceChildren(last ? `${error.message} ${error.mend}` : "");
    this.emit("mops-error", error.toJSON());
  }

  #call(work) {
    try {
      return this.#widget && work(this.#widget);
    } catch (error) {
      this.#caught(error);
    }
  }

  #caught(error) {
    if (!isTrap(error)) this.fail(error);
    else {
      // What killed the module would kill the next one: this element waits for other attributes or another state.
      this.#isCulprit = true;
      died(error, this);
    }
  }

  /** Says that something went wrong. */
  fail(error) {
    this.emit("mops-error", MopsError.from(error).toJSON());
  }

  /** Sends an event, and says whether nobody prevented what follows it. */
  emit(name, detail) {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  // ——— source and state ———

  /** The nearest element around this one, out of shadow trees too, that a selector finds. */
  around(selector) {
    for (let at = this; at; at = at.getRootNode().host) {
      const found = at.closest(selector);
      if (found) return found;
    }
  }

  /** The element with the data, if any: the one named, else the nearest around it, else the first, from inside out. */
  findSource() {
    const name = this.getAttribute("source");
    let found = name ? undefined : this.around("mops-source");
    for (let root = this.getRootNode(); root && !found; root = root.host?.getRootNode()) {
      found = root.querySelector(name ? `#${CSS.escape(name)}` : "mops-source");
    }
    return found;
  }

  /** Finds the source and listens to it. */
  resolve() {
    const store = this.#given ? undefined : this.findSource()?.store;
    this.subscribe(store);
    clearTimeout(this.#searching);
    const name = this.getAttribute("source");
    if (store || this.#given || !name || !this.isConnected) return;
    // A source may come a little later than its widgets.
    this.#searching = setTimeout(() => {
      const error = {
        code: "missing_source",
        message: `No <mops-source> has the id “${name}”.`,
        where: { field: "source" },
        mend: "Give a source that id, or leave the attribute out.",
      };
      this.receive({ phase: "error", error });
    }, SEARCH);
  }

  /** Listens to a source's store instead of the one before. */
  subscribe(store) {
    if (this.#store === store) return;
    this.#store?.remove(this);
    this.#store = store;
    if (store) store.add(this);
    else if (!this.#given) this.receive({ phase: "idle" });
  }

  /** The question this element asks its source. */
  query(shared) {
    return buildQuery(this.localName, (name) => this.getAttribute(name), shared);
  }

  /** What the source has to say to this element. */
  receive(state) {
    this.#state = state;
    this.#wordless = undefined;
    // An error of the whole source is the source's to report, once.
    if (state.error && state.error !== this.#reported && !state.shared) this.emit("mops-error", state.error);
    this.#reported = state.error;
    if (this.#widget) this.#show();
    else if (this.#isCulprit) this.mount();
  }

  /** Draws again what depends on the page: on its language and direction, and on how wide its letters are. */
  redraw() {
    if (this.#widget) this.#show();
  }

  #show() {
    const state = { ...this.#state, wordless: this.#wordless };
    // The widget keeps its view until it gets another one, so that a report of progress costs next to nothing.
    const fresh = state.view !== this.#sent;
    if (fresh) fill?.(state.view);
    const message = this.#call((widget) => widget.set_state(fresh ? state : { ...state, view: undefined }));
    // An error, not a picture: what follows must not call it ready.
    if (message) return this.receive({ phase: "error", error: new MopsError({ code: "bad_view", message }).toJSON() });
    this.#sent = state.phase === "idle" ? undefined : state.view;
    // A view is read in one task and drawn in the next.
    if (fresh && state.view) pause().then(() => this.#draw());
    else this.#draw();
  }

  #draw() {
    this.#call((widget) => widget.draw());
    const { phase, view } = this.#state;
    if (!this.#widget) return;
    this.#drawn = view;
    if (phase !== "ready" || view === this.#shown) return;
    const name = this.#shown ? "mops-change" : "mops-ready";
    this.#shown = view;
    this.emit(name, { view });
  }

  /** What the reader did in the widget. */
  act({ type, ...detail }) {
    if (type === "refresh") this.refresh();
    else if (type === "cancel") this.#store?.cancel();
    else if (type === "define") this.#define();
    else if (type === "export") this.#save(detail).catch((error) => this.fail(error));
    else if (type === "select") this.emit("mops-select", detail);
    else {
      const filters = this.#store?.filters();
      const { field, values } = detail;
      const chosen = type === "filter" ? { filter: { ...filters?.filter, [field]: values } } : detail;
      // Where the page forbids it, the widget shows again what holds.
      const isTaken = this.emit("mops-filter-change", { ...filters, ...chosen });
      this.#store?.choose(isTaken && chosen);
    }
  }

  async #define() {
    try {
      const module = await import("./definitions.js");
      const words = await module.definitions();
      fill = (view) => module.fill(view, words);
    } catch (error) {
      const { message, mend } = MopsError.from(error);
      this.#wordless = `${message} ${mend}`;
    }
    this.#sent = undefined;
    this.#show();
  }

  // ——— public ———

  /** A ready view: then the element needs no source, and no engine is loaded. */
  get view() {
    return this.#given;
  }

  set view(view) {
    this.#given = view ?? undefined;
    if (view) {
      this.subscribe(undefined);
      this.receive({ phase: "ready", view });
    } else {
      this.receive({ phase: "idle" });
      if (this.isConnected) resolveSources();
    }
  }

  /** The plain data behind the picture, or nothing while there is none. */
  getView() {
    return this.#drawn && structuredClone(this.#drawn);
  }

  /** Reads the source's data again. */
  async refresh() {
    await this.#store?.refresh();
  }

  /** What is seen (`svg`, `png`) or the tables behind it (`csv`) as a Blob; `download` also saves it. */
  export({ format = "csv", section = "", download = false } = {}) {
    return this.#save({ format, section }, download);
  }

  async #save({ format, section, name = this.label || this.metric || this.localName }, download = true) {
    const { toBlob, save } = await import("./export.js");
    const text = format === "csv" ? this.#call((widget) => widget.csv(section)) : undefined;
    const blob = await toBlob(this, { format, section, text });
    if (download) save(blob, `${name}.${format}`);
    return blob;
  }
}

/** Gives a class a camel-case property for each of its attributes. */
export function reflect(elementClass) {
  for (const name of elementClass.observedAttributes) {
    const property = camel(name);
    if (property in elementClass.prototype) continue;
    Object.defineProperty(elementClass.prototype, property, {
      configurable: true,
      enumerable: true,
      get() {
        return this.getAttribute(name);
      },
      set(value) {
        if (value == null) this.removeAttribute(name);
        else if (Array.isArray(value)) this.setAttribute(name, value.join(" "));
        else this.setAttribute(name, typeof value === "object" ? JSON.stringify(value) : value);
      },
    });
  }
}
