// The package in a developer's hands: bundled by Vite with React, and checked against its types.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { build, createServer } from "vite";
import { base, clean, newPage, POLICY, root } from "./harness.mjs";

const run = promisify(execFile);
const app = join(root, "target/e2e/bundle");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".css": "text/css" };

/** A folder with the app's files, and the package where npm would put it. */
async function prepared() {
  await rm(app, { recursive: true, force: true });
  await mkdir(join(app, "node_modules"), { recursive: true });
  await symlink(join(root, "dist"), join(app, "node_modules/mops-widgets"), "dir");
  for (const file of ["main.js", "types.mts", "types-react.tsx"]) await writeFile(join(app, file), await readFile(join(root, "e2e/bundle", file)));
  await writeFile(join(app, "index.html"), `<!doctype html><html lang="en"><head><title>App</title><link rel="icon" href="data:,"></head>
    <body><div id="root"></div><script type="module" src="/main.js"></script></body></html>`);
}

test("bundled by Vite, a React app shows figures computed in a Worker", async () => {
  await prepared();
  await build({
    root: app, base: "/bundled/", logLevel: "silent",
    build: { outDir: join(app, "out"), target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  });
  const page = await newPage();
  const workers = [];
  page.on("worker", (worker) => workers.push(new URL(worker.url()).pathname));
  const start = `${await base()}bundled/`;
  await page.route(`${start}**`, async (route) => {
    const path = new URL(route.request().url()).pathname.replace(/^\/bundled\//, "") || "index.html";
    await route.fulfill({
      body: await readFile(join(app, "out", path)),
      contentType: TYPES[extname(path)],
      // A bundler's Worker has no policy to vouch for it.
      headers: { "content-security-policy": POLICY.replace(/require-trusted-types-for 'script'/, "") },
    });
  });
  await page.goto(start);
  await page.getByText("win_rate", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Average deal" }).click();
  await page.getByText("average_deal", { exact: true }).waitFor();
  const value = await page.evaluate(() => document.querySelector("mops-kpi").getView().body.figure);
  assert.equal(value.id, "average_deal");
  assert.ok(value.value > 0);
  assert.deepEqual(await page.evaluate(() => document.querySelector("mops-kpi").getView().filter), { source: ["Paid Search"] });
  const accent = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--mops-color-accent"));
  assert.match(accent, /light-dark\(#3d4bb8, ?#aab4ff\)/, "the theme is in the bundle");
  assert.equal(workers.length, 1, `workers: ${workers}`);
  assert.match(workers[0], /^\/bundled\//);
  clean(page);
  await page.context().close();
});

test("Vite's development server shows figures with the line of configuration that the README names", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  assert.match(readme, /optimizeDeps: \{ exclude: \["mops-widgets"\] \}/);
  const folder = join(root, "target/e2e/development");
  await rm(folder, { recursive: true, force: true });
  // As npm installs it: what is linked the server would leave alone by itself.
  await cp(join(root, "dist"), join(folder, "node_modules/mops-widgets"), { recursive: true });
  await mkdir(join(folder, "public"), { recursive: true });
  await cp(join(root, "demo/data/deals.csv"), join(folder, "public/deals.csv"));
  await writeFile(join(folder, "main.js"), 'import "mops-widgets";\n');
  await writeFile(join(folder, "index.html"), `<!doctype html><html lang="en"><head><title>App</title><link rel="icon" href="data:,"></head>
    <body><mops-source deals="/deals.csv" as-of="2026-01-01"></mops-source><mops-kpi metric="win_rate"></mops-kpi>
    <script type="module" src="/main.js"></script></body></html>`);
  const server = await createServer({
    root: folder, configFile: false, logLevel: "silent", server: { port: 0, host: "127.0.0.1" },
    cacheDir: join(folder, "cache"), optimizeDeps: { exclude: ["mops-widgets"] },
  });
  await server.listen();
  try {
    const page = await newPage();
    await page.goto(`http://127.0.0.1:${server.httpServer.address().port}/`);
    await page.waitForFunction(() => document.querySelector("mops-kpi").getView?.()?.body.figure.value > 0);
    assert.equal(page.workers().length, 1);
    clean(page);
    await page.context().close();
  } finally {
    await server.close();
  }
});

test("the package's types hold what a developer writes against them", async () => {
  await prepared();
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const options = "--noEmit --strict --target es2022 --module nodenext --moduleResolution nodenext --lib es2022,dom,dom.iterable --types react --jsx react-jsx";
  const { stdout } = await run("node", [tsc, ...options.split(" "), join(app, "types.mts"), join(app, "types-react.tsx")], { cwd: app })
    .catch((failure) => assert.fail(failure.stdout));
  assert.equal(stdout, "");
});
