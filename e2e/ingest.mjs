// Reads many contacts in a real browser while widgets wait for them on the page, and measures what the page feels.
// `cargo xtask bench ingest` runs it: `node e2e/ingest.mjs FILE ROWS`, FILE being an address under the site.
import { availableParallelism, loadavg } from "node:os";
import { base, newPage, shutDown } from "./harness.mjs";

const [file, rows] = process.argv.slice(2);
const LIMIT = 300_000;

// From the first byte of the page on; this runs before any script of the page.
const watch = () => {
  const felt = (globalThis.felt = { tasks: [], longest: 0, ready: {}, errors: [], progress: 0 });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) felt.tasks.push({ startTime, duration });
  }).observe({ type: "longtask", buffered: true });
  // Long tasks begin at 50 ms; the lateness of a timer tells of shorter ones too.
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    felt.longest = Math.max(felt.longest, now - last - 5);
    last = now;
  }, 5);
  document.addEventListener("mops-ready", ({ target }) => (felt.ready[target.localName] = performance.now()));
  document.addEventListener("mops-error", ({ detail }) => felt.errors.push(detail));
};

// In the engine's Worker: its module, once started, gives itself when asked to start again.
const memory = async (address) => {
  const { memory } = await (await import(address)).default();
  return memory.buffer.byteLength;
};

const line = (name, value, more = "") => console.log(`  ${name.padEnd(28)} ${value.padStart(13)} ${more}`);
const ms = (time) => `${Math.round(time)} ms`;

async function measure() {
  const page = await newPage();
  page.setDefaultTimeout(LIMIT);
  // What the browser does to start is none of the page's.
  await page.goto("about:blank");
  await page.waitForTimeout(2000);
  await page.addInitScript(watch);
  await page.goto(`${await base()}ingest.html?contacts=${encodeURIComponent(file)}`);
  await page.waitForFunction(
    () => felt.errors.length || [...document.querySelectorAll("main *")].every(({ localName }) => felt.ready[localName]),
    null,
    { polling: 100 },
  );
  // A task is reported when it has ended.
  await page.waitForTimeout(500);
  const felt = await page.evaluate(() => globalThis.felt);
  if (felt.errors.length) throw new Error(`the page says: ${JSON.stringify(felt.errors[0])}`);
  const [worker] = page.workers();
  if (!worker) throw new Error("the engine runs in the page, not in a Worker");
  const bytes = await worker.evaluate(memory, `${await base()}dist/mops_engine.js`);
  const { "mops-source": read, ...widgets } = felt.ready;
  const [first, last] = [Math.min(...Object.values(widgets)), Math.max(...Object.values(widgets))];

  console.log(`browser ingest of ${rows} rows, with ${Object.keys(widgets).length} widgets waiting on the page`);
  line("read and assembled", ms(read), `${Math.round((rows / read) * 1000).toLocaleString("en")} rows/s, from the page's first byte`);
  line("first picture", ms(first));
  line("every picture", ms(last));
  line("memory of the engine", `${Math.round(bytes / 1e6)} MB`);
  line("memory for a row", `${Math.round(bytes / rows)} bytes`, "at most, all told");
  line("longest wait of the page", ms(felt.longest), "by a timer of 5 ms");
  line("load of the machine", loadavg()[0].toFixed(1), `on ${availableParallelism()} processors, which lengthens every task`);
  if (!felt.tasks.length) {
    line("tasks over 50 ms", "none", "on the page's main thread");
    return;
  }
  for (const { startTime, duration } of felt.tasks) line("task over 50 ms", ms(duration), `at ${ms(startTime)}`);
  const longest = Math.max(...felt.tasks.map(({ duration }) => duration));
  throw new Error(`${felt.tasks.length} tasks over 50 ms on the page's main thread, the longest ${ms(longest)}`);
}

try {
  await measure();
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
} finally {
  await shutDown();
}
