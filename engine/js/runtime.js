// Drives the engine's WebAssembly module: in the Worker, or in the page where there can be none.
import { MopsError } from "./error.js";
import { Slices } from "./slices.js";
import { zone } from "./zone.js";

/** Bytes handed to the module at a time. */
const CHUNK = 1 << 18;
/** Milliseconds of work on what nobody has asked yet: so long may somebody who asks have to wait. */
const FORESIGHT = 8;
/** Milliseconds between two reports of progress on one input. */
const REPORT = 100;
/** Questions of one source that take turns; the session remembers how far it is with twice as many. */
const TURNS = 16;

/** Answers messages `{id, method, …}` with `{id, result}`, `{id, error}`, `{id, progress}`, or once with `{dead}`. */
export class Runtime {
  #bindings;
  #reply;
  #slices;
  #sources = new Map();
  #calls = new Map();
  #foresees;

  /**
   * @param {number} budget milliseconds of work between two pauses
   * @param {boolean} foresees whether to work on what is likely to be asked next while nobody asks
   */
  constructor(bindings, budget, reply, foresees = false) {
    this.#bindings = bindings;
    this.#foresees = foresees;
    this.#slices = new Slices(budget);
    this.#reply = reply;
  }

  async handle({ id, method, ...call }) {
    if (method === "cancel") {
      this.#calls.get(id)?.abort();
      return;
    }
    const abort = new AbortController();
    this.#calls.set(id, abort);
    const report = (progress) => this.#reply({ id, progress });
    try {
      this.#reply({ id, result: await this[method](call, abort.signal, report) });
    } catch (error) {
      // After a trap the module's memory can't be trusted.
      if (error instanceof WebAssembly.RuntimeError) this.#reply({ dead: error.message });
      else this.#reply({ id, error: MopsError.from(error).toJSON() });
    } finally {
      this.#calls.delete(id);
    }
  }

  async open({ source, charter, inputs, fresh }, signal, report) {
    const entry = { charter, inputs, fresh, open: [], works: false, asked: 0, changes: Promise.resolve() };
    entry.handle = await this.#load(entry, signal, report);
    this.#sources.set(source, entry);
  }

  /** Reads all inputs again; the answers change when everything is there. */
  async refresh({ source }, signal, report) {
    const entry = this.#entry(source);
    await this.#change(entry, signal, () => this.#reload(entry, {}, signal, report));
  }

  /** Files are read again only where the charter says something else of them. */
  async setCharter({ source, charter }, signal, report) {
    const entry = this.#entry(source);
    await this.#change(entry, signal, async () => {
      const text = charter && (await textOf(charter, signal));
      if (!entry.handle) throw closed();
      if (text !== undefined && this.#exchange(entry.handle, text, charter.source)) entry.charter = charter;
      else await this.#reload(entry, { charter }, signal, report);
    });
  }

  /** One change of a source after another: else a refresh that began under the charter before would bring it back. */
  #change(entry, signal, change) {
    const begin = () => {
      signal.throwIfAborted();
      return change();
    };
    return (entry.changes = entry.changes.then(begin, begin));
  }

  #exchange(handle, charter, source) {
    try {
      return handle.setCharter(charter);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      throw MopsError.from(error, source && { source });
    }
  }

  close({ source }) {
    const entry = this.#sources.get(source);
    this.#sources.delete(source);
    entry?.handle.free();
    if (entry) entry.handle = undefined;
  }

  /** Questions take turns, and the one worked on least goes on: so a quick answer never waits for a slow one. */
  query({ source, query }, signal) {
    const entry = this.#entry(source);
    entry.asked++;
    return new Promise((resolve, reject) => {
      entry.open.push({ query: JSON.stringify(query), signal, resolve, reject, spent: 0, rows: 16_384 });
      if (!entry.works) this.#work(entry);
    });
  }

  #entry(source) {
    const entry = this.#sources.get(source);
    if (!entry) throw closed();
    return entry;
  }

  /** Until every question is answered; then, where it foresees, until somebody asks. */
  async #work(entry) {
    entry.works = true;
    while (entry.open.length) {
      const next = entry.open.slice(0, TURNS).reduce((least, question) => (question.spent < least.spent ? question : least));
      if (this.#step(entry.handle, next)) entry.open.splice(entry.open.indexOf(next), 1);
      await this.#slices.rest();
    }
    entry.works = false;
    if (this.#foresees) await this.#ahead(entry, entry.asked);
  }

  /** Works on a question for a slice, and says whether that settled it. */
  #step(handle, question) {
    try {
      if (!handle) throw closed();
      question.signal.throwIfAborted();
      const start = performance.now();
      const view = handle.step(question.query, question.rows);
      const time = performance.now() - start;
      question.spent += time;
      question.rows = more(question.rows, this.#slices.budget, time, 1024);
      if (view === undefined) return false;
      question.resolve(JSON.parse(view));
    } catch (error) {
      question.reject(error);
    }
    return true;
  }

  async #ahead(entry, asked) {
    try {
      for (let rows = 4096; ; ) {
        await this.#slices.rest(true);
        const start = performance.now();
        if (entry.asked !== asked || !entry.handle?.ahead(rows)) return;
        rows = more(rows, FORESIGHT, performance.now() - start, 256);
      }
    } catch (error) {
      this.#reply({ dead: error.message });
    }
  }

  async #reload(entry, change, signal, report) {
    const next = { ...entry, ...change };
    const handle = await this.#load(next, signal, report);
    if (!entry.handle) {
      handle.free();
      throw closed();
    }
    entry.handle.free();
    Object.assign(entry, change, { handle });
  }

  async #load({ charter, inputs, fresh, handle: before }, signal, report) {
    const text = charter && (await textOf(charter, signal));
    const handle = this.#source(text, charter?.source);
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    try {
      // Inputs are begun in order, so that what arrives first does not decide anything.
      const streams = [];
      for (const input of inputs) {
        if (input.columns) await this.#columns(handle, input, report);
        else streams.push([handle.begin(input.table, input.source), input]);
        signal.throwIfAborted();
      }
      const cache = fresh || before ? "no-cache" : "default";
      await Promise.all(streams.map(([reader, input]) => this.#stream(handle, reader, input, both, cache, report)));
      await this.#slices.rest();
      signal.throwIfAborted();
      handle.assemble();
      return handle;
    } catch (error) {
      stop.abort();
      if (!(error instanceof WebAssembly.RuntimeError)) handle.free();
      throw error;
    }
  }

  #source(charter, source) {
    try {
      return new this.#bindings.Source(charter, JSON.stringify(zoneOf(charter, source)));
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      throw MopsError.from(error, source && { source });
    }
  }

  async #columns(handle, { table, source, columns }, report) {
    await this.#slices.rest();
    const rows = handle.columns(
      table,
      source,
      columns.map((column) =>
        column.kind === "coded"
          ? // Texts cross as one: NUL between them, and how long each is.
            { ...column, text: column.values.join("\0"), lengths: Uint32Array.from(column.values, (value) => value.length) }
          : column,
      ),
    );
    report({ table, source, bytes: 0, rows: rows[0], rejected: rows[1] });
  }

  async #stream(handle, reader, input, signal, cache, report) {
    const { table, source } = input;
    let bytes = 0;
    let totalBytes;
    let reported = 0;
    const tell = () => {
      const [rows, rejected] = handle.progress(reader);
      reported = performance.now();
      report({ table, source, bytes, totalBytes, rows, rejected });
    };
    const body = await open(input, signal, cache);
    totalBytes = body.totalBytes;
    for await (const chunk of body.chunks) {
      for (let at = 0; at < chunk.length; at += CHUNK) {
        signal.throwIfAborted();
        const part = chunk.subarray(at, at + CHUNK);
        handle.push(reader, part);
        bytes += part.length;
        if (performance.now() - reported > REPORT) tell();
        await this.#slices.rest();
      }
    }
    signal.throwIfAborted();
    tell();
    handle.finish(reader);
  }
}

/** How many rows fill a slice, where so many took that time. What comes next may take much longer for each. */
const more = (rows, budget, time, least) =>
  Math.max(least, Math.min(2 ** 20, Math.round(rows * Math.min(4, Math.max(0.25, budget / Math.max(time, 0.1))))));

const closed = () =>
  new MopsError({ code: "closed", message: "This source has been closed.", mend: "Open it again before asking." });

/** The zone of a charter, with those in which its platforms report. */
function zoneOf(charter, source) {
  let text;
  try {
    text = JSON.parse(charter ?? "{}");
  } catch {
    // The core says what is wrong with the charter.
  }
  const known = (name, pointer) => {
    try {
      return zone(name);
    } catch {
      throw new MopsError({
        code: "bad_charter",
        message: `“${name}” is not a time zone that this browser knows.`,
        where: { source, pointer },
        mend: "Use a name like Europe/Berlin.",
      });
    }
  };
  const named = (name) => typeof name === "string" && name !== "";
  const own = known(named(text?.time_zone) ? text.time_zone : "UTC", "/time_zone");
  const others = new Map();
  const platforms = Array.isArray(text?.platforms) ? text.platforms : [];
  platforms.forEach((platform, index) => {
    const name = platform?.time_zone;
    if (named(name) && name !== own.name) others.set(name, known(name, `/platforms/${index}/time_zone`));
  });
  return { ...own, others: [...others.values()] };
}

async function textOf(input, signal) {
  if (input.text !== undefined) return input.text;
  if (input.blob) return input.blob.text();
  return (await request(input, signal, "no-cache")).text();
}

/** The bytes of an input, in chunks. */
async function open(input, signal, cache) {
  if (input.text !== undefined) return { chunks: encode(input.text) };
  if (input.blob) return { chunks: stream(input.blob.stream(), input.source), totalBytes: input.blob.size };
  const response = await request(input, signal, cache);
  // Of a compressed answer only the compressed length is known.
  const length = response.headers.get("content-encoding") ? null : response.headers.get("content-length");
  return { chunks: stream(response.body, input.source, signal), totalBytes: length ? Number(length) : undefined };
}

async function request({ url, source }, signal, cache) {
  const fail = (message, mend, cause) => {
    throw new MopsError({ code: "bad_input", message, where: { source }, mend }, { cause });
  };
  let response;
  try {
    response = await fetch(url, { signal, cache });
  } catch (error) {
    signal.throwIfAborted();
    return fail(
      `The address could not be reached: ${error.message}`,
      "Check the address. The page's connect-src must allow it, and another origin must allow this one (CORS).",
      error,
    );
  }
  if (!response.ok) {
    const status = `${response.status} ${response.statusText}`.trim();
    return fail(`The server answered ${status}.`, "Check the address and who may read it.");
  }
  if (/^text\/html\b/i.test(response.headers.get("content-type") ?? "")) {
    response.body?.cancel();
    return fail("The server answered with a web page instead of data.", "Check the address; perhaps it needs a sign-in.");
  }
  return response;
}

async function* stream(body, source, signal) {
  if (!body) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    signal?.throwIfAborted();
    const message = `Reading stopped half way: ${error.message}`;
    throw new MopsError({ code: "bad_input", message, where: { source }, mend: "Try again." }, { cause: error });
  } finally {
    reader.cancel().catch(() => {});
  }
}

function* encode(text) {
  const encoder = new TextEncoder();
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + CHUNK, text.length);
    // No pair of surrogates is cut in two.
    if ((text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end++;
    yield encoder.encode(text.slice(at, end));
    at = end;
  }
}
