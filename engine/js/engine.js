// The headless API: the engine in a Worker, or in slices in the page where there can be none.
import { MopsError } from "./error.js";
import { version } from "./version.js";

export { MopsError, version };

/** How long a Worker may take to say hello. */
const HELLO = 5000;
/** Milliseconds of work in the page between two pauses. */
const BUDGET = 12;

/**
 * The engine that everyone on this page shares, one for each version.
 * @param {{worker?: boolean}} options `worker: false` stays in the page
 */
export function startEngine({ worker = true } = {}) {
  const shared = (globalThis[Symbol.for(`mops-widgets@${version}`)] ??= {});
  const place = worker ? "worker" : "page";
  if (!shared[place]) {
    const starting = (shared[place] = start(worker));
    const forget = () => {
      if (shared[place] === starting) delete shared[place];
    };
    starting.then((engine) => engine.died.then(forget), forget);
  }
  return shared[place];
}

async function start(worker) {
  const wasm = new URL("./mops_engine_bg.wasm", import.meta.url).href;
  if (worker) {
    try {
      return await inWorker(wasm);
    } catch (error) {
      console.info(`mops-widgets: no Worker (${error.message}); the engine runs in the page.`);
    }
  }
  try {
    return await inPage(wasm);
  } catch (cause) {
    throw new MopsError(
      {
        code: "engine_unavailable",
        message: `The engine could not be started: ${cause.message}`,
        mend: "Serve mops_engine_bg.wasm beside the scripts, and allow 'wasm-unsafe-eval' in script-src.",
      },
      { cause },
    );
  }
}

let policy;

/** Under Trusted Types a Worker's address must be vouched for; this policy vouches for one. */
function vouch(href) {
  policy ??= globalThis.trustedTypes?.createPolicy("mops-widgets", {
    createScriptURL(address) {
      if (address !== href) throw new TypeError(`not ${href}`);
      return address;
    },
  });
  return policy?.createScriptURL(href);
}

function createWorker() {
  const here = import.meta.url;
  let address;
  // Bundled, this file has another name, and only the last form leads to a Worker that is bundled too.
  if (here.endsWith("/engine.js")) {
    try {
      address = vouch(new URL("./worker.js", here).href);
    } catch {
      // The page allows no such policy. If it doesn't enforce Trusted Types either, what follows works.
    }
  }
  return address
    ? new Worker(address, { type: "module" })
    : new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}

function inWorker(wasm) {
  return new Promise((resolve, reject) => {
    const worker = createWorker();
    const fail = (message) => {
      clearTimeout(timer);
      worker.terminate();
      reject(new Error(message));
    };
    const timer = setTimeout(fail, HELLO, "it does not answer");
    const lock = globalThis.navigator?.locks && `mops-widgets ${Date.now()} ${Math.random()}`;
    worker.onerror = (event) => {
      event.preventDefault();
      fail(event.message || "its script can't be loaded");
    };
    worker.onmessage = ({ data }) => {
      clearTimeout(timer);
      if (data.failed) fail(data.failed);
      if (!data.ready) return;
      const waiting = new AbortController();
      const engine = new Engine("worker", {
        post: (message, transfer) => worker.postMessage(message, transfer),
        stop() {
          waiting.abort();
          worker.terminate();
        },
      });
      worker.onmessage = (event) => engine.receive(event.data);
      worker.onerror = (event) => {
        event.preventDefault();
        engine.die(event.message || "The engine's Worker stopped.");
      };
      worker.onmessageerror = () => engine.die("A message of the engine's Worker could not be read.");
      // The Worker holds this lock while it lives; a browser that kills it sends no event.
      if (lock) {
        navigator.locks
          .request(lock, { signal: waiting.signal }, () => engine.die("The engine's Worker was ended."))
          .catch(() => {});
      }
      resolve(engine);
    };
    worker.postMessage({ wasm, lock });
  });
}

let inPageCopies = 0;

async function inPage(wasm) {
  // Bindings start once; after a death they are imported again, under another address.
  const [{ Runtime }, bindings] = await Promise.all([
    import("./runtime.js"),
    inPageCopies++
      ? import(
          /* webpackIgnore: true */ /* @vite-ignore */ `${new URL("./mops_engine.js", import.meta.url)}?${inPageCopies}`
        )
      : import("./mops_engine.js"),
  ]);
  await bindings.default({ module_or_path: wasm });
  const runtime = new Runtime(bindings, BUDGET, (message) => engine.receive(message));
  const engine = new Engine("page", { post: (message) => void runtime.handle(message), stop() {} });
  return engine;
}

/** A running engine. */
class Engine {
  #port;
  #calls = new Map();
  #count = 0;
  #died;
  #gone;

  /** Called with the error when the engine has died; pending calls are rejected before. */
  onDied;

  constructor(mode, port) {
    /** `worker` or `page`. */
    this.mode = mode;
    this.#port = port;
    /** Resolves with the error when the engine has died. */
    this.died = new Promise((resolve) => (this.#died = resolve));
  }

  /**
   * Reads data into the engine.
   * @returns {Promise<Source>}
   */
  async open({ charter, data, files, fresh, signal, onProgress } = {}) {
    signal?.throwIfAborted();
    const inputs = await describe(data ?? {}, [...(files ?? [])]);
    const source = ++this.#count;
    const transfer = inputs.flatMap(({ columns }) => columns?.map(({ codes, data }) => (codes ?? data).buffer) ?? []);
    const opened = new Source(this, source);
    try {
      const message = { method: "open", source, charter: describeCharter(charter), inputs, fresh };
      await this.call(message, { signal, onProgress, transfer });
    } catch (error) {
      // What is cancelled may just have been opened.
      opened.close();
      throw error;
    }
    return opened;
  }

  /** Ends the engine, and every source with it. */
  terminate() {
    this.die("The engine was ended.");
  }

  /** @internal */
  call(message, { signal, onProgress, transfer } = {}) {
    if (this.#gone) return Promise.reject(this.#gone);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.#port.post({ id, method: "cancel" });
        done(reject, signal.reason);
      };
      const done = (settle, value) => {
        signal?.removeEventListener("abort", cancel);
        this.#calls.delete(id);
        settle(value);
      };
      signal?.addEventListener("abort", cancel);
      this.#calls.set(id, {
        result: (value) => done(resolve, value),
        error: (parts) => done(reject, parts instanceof MopsError ? parts : MopsError.from(parts)),
        progress: (progress) => onProgress?.(progress),
      });
      try {
        this.#port.post({ id, ...message }, transfer);
      } catch (error) {
        done(reject, error);
      }
    });
  }

  /** @internal */
  receive({ id, dead, ...message }) {
    if (dead) this.die(`The engine stopped working: ${dead}.`);
    for (const kind in message) this.#calls.get(id)?.[kind](message[kind]);
  }

  /** @internal */
  die(message) {
    if (this.#gone) return;
    const error = (this.#gone = new MopsError({ code: "engine_died", message, mend: "Start it again and open the data." }));
    this.#port.stop();
    for (const call of [...this.#calls.values()]) call.error(error);
    this.#died(error);
    this.onDied?.(error);
  }
}

/** Data in the engine, ready to be asked. */
class Source {
  #engine;
  #id;
  #abort = new AbortController();

  constructor(engine, id) {
    this.#engine = engine;
    this.#id = id;
  }

  /** Asks a question; the answer is a view: plain data. */
  query(query, options) {
    return this.#call({ method: "query", query }, options);
  }

  /** Reads all inputs again. Until they are there, answers are as before. */
  refresh(options) {
    return this.#call({ method: "refresh" }, options);
  }

  /** Takes another charter. All inputs are read again where it says something else of how files are read. */
  setCharter(charter, options) {
    return this.#call({ method: "setCharter", charter: describeCharter(charter) }, options);
  }

  /** Gives the memory back; what is still asked is cancelled. */
  close() {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort();
    this.#engine.call({ method: "close", source: this.#id }).catch(() => {});
  }

  #call(message, { signal, onProgress } = {}) {
    const own = this.#abort.signal;
    return this.#engine.call(
      { source: this.#id, ...message },
      { onProgress, signal: signal ? AbortSignal.any([signal, own]) : own },
    );
  }
}

// ——— what a page gives → what the runtime takes: {table, source} with url, blob, text or columns ———

const address = (url) => new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href).href;

// Data handed over as text must never go out as an address.
const isContent = (value) => typeof value === "string" && /[\n\r]|^\s*[{[]/.test(value.trim());

function describeCharter(charter) {
  if (charter == null) return undefined;
  if (isContent(charter)) return { source: "charter", text: charter };
  if (typeof charter === "string" || charter instanceof URL) return { source: String(charter), url: address(charter) };
  if (charter instanceof Blob) return { source: charter.name ?? "charter", blob: charter };
  if (typeof charter.text === "string") return { source: charter.name ?? "charter", text: charter.text };
  return { source: "charter", text: JSON.stringify(charter) };
}

async function describe(data, files) {
  const inputs = files.map((blob) => ({ source: blob.name ?? "file", blob }));
  for (const [table, given] of Object.entries(data)) {
    for (const value of Array.isArray(given) ? given : [given]) {
      if (value != null) inputs.push({ table, ...(await describeInput(table, value)) });
    }
  }
  return inputs;
}

async function describeInput(table, value) {
  if (isContent(value)) return { source: table, text: value };
  if (typeof value === "string" || value instanceof URL) return { source: String(value), url: address(value) };
  if (value instanceof Blob) return { source: value.name ?? table, blob: value };
  const source = value.name ?? table;
  if (typeof value.text === "string") return { source, text: value.text };
  if (value.rows || value.columns) {
    const { describeCells } = await import("./columns.js");
    return { source, ...(await describeCells(value, BUDGET)) };
  }
  throw new MopsError({
    code: "bad_input",
    message: `The data for “${table}” is neither an address, a file, text, rows nor columns.`,
    where: { source },
    mend: "Give a URL, a Blob, {text}, {rows: [{…}]} or {columns: {field: […]}}.",
  });
}
