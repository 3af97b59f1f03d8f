import { MopsError } from "./error.js";
import { MopsElement, resolveSources } from "./element.js";
import { parseFilter } from "./query.js";
import { attributeOf, attributes, sourceAttributes, tables } from "./tags.js";

/** `<mops-source>`: the data of any number of widgets, and a line that says what was read. */
export class SourceElement extends MopsElement {
  static observedAttributes = [...sourceAttributes, ...attributes, "id"];

  store = new Store(this);
  #data;
  #files;
  #charter;
  #loading = false;
  /** Whether anything to read has changed since it was read. */
  #isNew = true;

  /** Tables by name: addresses, files, text, rows or columns. Besides what the attributes name. */
  get data() {
    return this.#data;
  }

  set data(data) {
    this.#data = data ?? undefined;
    this.#load();
  }

  /** Files whose tables are recognised by their headers. */
  get files() {
    return this.#files;
  }

  set files(files) {
    this.#files = files ? [...files] : undefined;
    this.#load();
  }

  /** The charter, or its address. */
  get charter() {
    return this.#charter ?? this.getAttribute("charter");
  }

  set charter(charter) {
    const isText = typeof charter === "string";
    this.#charter = isText ? undefined : (charter ?? undefined);
    if (isText) this.setAttribute("charter", charter);
    this.#load();
  }

  connectedCallback() {
    super.connectedCallback();
    // Moved within the page, it has everything.
    if (this.#isNew) this.#load();
  }

  leave() {
    super.leave();
    this.#isNew = true;
    this.store.load(undefined);
    resolveSources();
  }

  changed(changed) {
    resolveSources();
    if (sourceAttributes.some((name) => name in changed)) this.#load();
    else this.store.flush();
  }

  findSource() {
    return this;
  }

  /** Stops reading. */
  cancel() {
    this.store.cancel();
  }

  // What is set in one go is loaded in one go.
  #load() {
    this.#isNew = true;
    if (this.#loading || !this.isConnected) return;
    this.#loading = true;
    queueMicrotask(() => {
      this.#loading = false;
      if (!this.isConnected) return;
      this.#isNew = false;
      this.store.load(this.#inputs());
    });
  }

  #inputs() {
    const data = this.#named(tables, { ...this.#data });
    if (!Object.keys(data).length && !this.#files?.length) return undefined;
    // Beside a charter these say nothing, since figures are signed off with it.
    const said = this.#named(["currency", "time_zone"], {});
    const standIn = Object.keys(said).length ? JSON.stringify(said) : undefined;
    return { data, files: this.#files, charter: this.charter ?? standIn };
  }

  /** Adds what the attributes say. */
  #named(names, to) {
    for (const name of names) {
      const said = this.getAttribute(attributeOf(name));
      if (said) to[name] ??= said;
    }
    return to;
  }
}

/** Whether two inputs are made of the very same data. */
function sameData(one, other) {
  const list = ({ data, files }) => [...Object.entries(data).flat(), ...(files ?? [])];
  const [left, right] = [list(one), list(other)];
  return left.length === right.length && left.every((value, index) => value === right[index]);
}

/** What the elements of one source share: its data in the engine, the reader's choices, and the answers so far. */
export class Store {
  #host;
  #elements = new Map();
  #answers = new Map();
  #phase = "idle";
  #error;
  #progress;
  #chosen = {};
  #inputs;
  /** What `#source` was made of; `#inputs` is what is wanted. */
  #held;
  #source;
  #engine;
  #abort;
  #deaths = [];
  #flushing;

  constructor(host) {
    this.#host = host;
  }

  /** An element listens from now on. */
  add(element) {
    this.#elements.set(element, {});
    this.flush();
  }

  /** An element listens no more. */
  remove(element) {
    this.#elements.delete(element);
    this.flush();
  }

  /** The choices in force for all elements: the reader's, else the attributes of `<mops-filters>`. */
  filters() {
    const { chosen, defaults } = this.#shared();
    return {
      period: chosen.period ?? defaults.period ?? null,
      compare: chosen.compare ?? defaults.compare ?? null,
      filter: { ...defaults.filter, ...chosen.filter },
    };
  }

  /** The reader has chosen. */
  choose(choice) {
    this.#chosen = { ...this.#chosen, ...choice };
    this.flush();
  }

  /** The reader is about to choose a value of a field: the engine may work ahead. */
  look(element, segment) {
    this.#source?.query({ ...element.query(this.#shared()), segment }).catch(() => {});
  }

  #shared() {
    const defaults = {};
    for (const element of this.#elements.keys()) {
      if (element.localName !== "mops-filters") continue;
      defaults.period ??= element.getAttribute("period") ?? undefined;
      defaults.compare ??= element.getAttribute("compare") ?? undefined;
      try {
        defaults.filter ??= parseFilter(element.getAttribute("filter"));
      } catch {
        // Said by `buildQuery`.
      }
    }
    return { asOf: this.#host.getAttribute("as-of"), chosen: this.#chosen, defaults };
  }

  /** Reads inputs into the engine, in place of what it held. Until they are there, the last pictures stay. */
  async load(inputs, fresh) {
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    this.#inputs = inputs;
    if (!inputs) {
      this.#replace(undefined);
      this.#say("idle");
      return;
    }
    if (this.#phase !== "stale") this.#say("loading");
    try {
      const { startEngine } = await import("./engine.js").catch((cause) => {
        throw {
          code: "engine_unavailable",
          message: `The engine's script could not be loaded: ${cause.message}`,
          mend: "Serve engine.js and the other scripts beside index.js.",
        };
      });
      const engine = await startEngine();
      if (abort.signal.aborted) return;
      if (this.#engine !== engine) {
        this.#engine = engine;
        engine.died.then((error) => this.#died(engine, error));
      }
      const options = { fresh, signal: abort.signal, onProgress: (progress) => this.#read(progress) };
      let source = this.#source;
      const held = this.#held;
      // Another charter over the same data: the source stays, and what it showed is asked again.
      if (source && held.charter !== inputs.charter && sameData(held, inputs)) {
        await source.setCharter(inputs.charter, options);
      } else source = await engine.open({ ...inputs, ...options });
      if (!abort.signal.aborted) {
        this.#replace(source, inputs);
        this.#say("ready");
      } else if (source !== this.#source) source.close();
    } catch (error) {
      // A dead engine is reported, once, by `#died`.
      if (!abort.signal.aborted && error.code !== "engine_died") this.#failed(error);
    }
  }

  /** Reads the same inputs again. */
  refresh() {
    return this.load(this.#inputs, true);
  }

  /** Stops reading; what was there before stays. */
  cancel() {
    if (!this.#progress && this.#phase !== "loading") return;
    this.#abort?.abort();
    if (this.#source) this.#say("ready");
    else {
      this.#failed({ code: "cancelled", message: "Reading was cancelled.", mend: "Refresh to read the data." });
    }
  }

  #replace(source, inputs) {
    if (this.#source !== source) this.#source?.close();
    this.#source = source;
    this.#held = inputs;
    this.#answers.clear();
  }

  #say(phase, error) {
    this.#phase = phase;
    this.#error = error;
    this.#progress = undefined;
    this.flush();
  }

  #failed(thrown) {
    const error = MopsError.from(thrown).toJSON();
    this.#say(this.#source || this.#phase === "stale" ? "stale" : "error", error);
    this.#host.emit("mops-error", error);
  }

  // Of one input → of all of them.
  #read(progress) {
    const others = this.#progress?.sources.filter(({ source, table }) => source !== progress.source || table !== progress.table);
    const sources = [...(others ?? []), progress];
    const sum = (name) => sources.reduce((total, of) => total + of[name], 0);
    this.#progress = {
      bytes: sum("bytes"),
      totalBytes: sources.every(({ totalBytes }) => totalBytes) ? sum("totalBytes") : undefined,
      rows: sum("rows"),
      rejected: sum("rejected"),
      sources,
    };
    this.flush();
  }

  // The engine is gone, and with it every source: start another and read again, a little later each time.
  #died(engine, error) {
    if (this.#engine !== engine) return;
    this.#engine = undefined;
    this.#source = undefined;
    this.#answers.clear();
    if (!this.#inputs) return;
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => at > now - 60_000), now];
    const again = this.#deaths.length <= 3;
    this.#phase = "stale";
    this.#failed({
      code: "engine_died",
      message: error.message,
      mend: again ? "It is being started again." : "Reload the page.",
    });
    const inputs = this.#inputs;
    if (again) setTimeout(() => this.#inputs === inputs && this.load(inputs), 200 * 4 ** (this.#deaths.length - 1));
  }

  // ——— questions and answers ———

  /** Asks what is to be asked and tells every element where it stands, once for all changes of this turn. */
  flush() {
    this.#flushing ??= Promise.resolve().then(() => {
      this.#flushing = undefined;
      const shared = this.#shared();
      const asked = new Set();
      for (const [element, own] of this.#elements) {
        try {
          own.key = JSON.stringify(element.query(shared));
          own.error = undefined;
          asked.add(own.key);
          this.#ask(own.key);
        } catch (error) {
          own.key = undefined;
          const { message, ...parts } = MopsError.from(error).toJSON();
          // The same error is reported once, however often it is found.
          if (own.error?.message !== message) own.error = { ...parts, message };
        }
      }
      for (const [key, answer] of this.#answers) {
        if (asked.has(key)) continue;
        // Nobody waits for it any more, and others shall not wait behind it.
        answer.abort();
        this.#answers.delete(key);
      }
      this.#tell();
    });
  }

  async #ask(key) {
    const source = this.#source;
    if (!source || this.#answers.has(key)) return;
    const answer = new AbortController();
    this.#answers.set(key, answer);
    const slow = setTimeout(() => {
      answer.slow = true;
      this.#tell(key);
    }, 250);
    try {
      answer.view = await source.query(JSON.parse(key), answer);
    } catch (error) {
      if (error.code === "engine_died") return;
      answer.error = MopsError.from(error).toJSON();
    } finally {
      clearTimeout(slow);
    }
    if (this.#answers.get(key) === answer) this.#tell(key);
  }

  #tell(key) {
    const filters = this.filters();
    for (const [element, own] of [...this.#elements]) {
      if (key && own.key !== key) continue;
      const state = { ...this.#stateOf(own), filters };
      own.view = state.view;
      element.receive(state);
    }
  }

  #stateOf(own) {
    const answer = this.#answers.get(own.key);
    const view = answer?.view ?? own.view;
    const failed = (error, shared) => ({ phase: view ? "stale" : "error", view, error, shared });
    if (own.error) return failed(own.error, false);
    if (this.#error) return failed(this.#error, true);
    if (this.#phase === "loading") return { phase: "loading", view, progress: this.#progress };
    if (this.#phase !== "ready") return { phase: this.#phase, view: this.#phase === "idle" ? undefined : view };
    if (answer?.error) return failed(answer.error, false);
    if (answer?.view) return { phase: "ready", view };
    // A quick answer replaces the picture without a flash of "loading".
    return { phase: view && !answer?.slow ? "ready" : "loading", view };
  }
}
