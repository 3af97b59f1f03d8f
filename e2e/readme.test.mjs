// Every snippet of the README runs: pages and scripts in the browser, commands in the terminal. A fence that names
// `no-run` after its language is left out.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { base, clean, fixture, mops, newPage, POLICY, root, settled } from "./harness.mjs";

const run = promisify(execFile);
const readme = await readFile(join(root, "README.md"), "utf8");

/** Fenced blocks with language, text and line. */
function fences(markdown) {
  const found = [];
  let open = null;
  for (const [index, line] of markdown.split("\n").entries()) {
    const fence = /^```(\w*)\s*(.*)$/.exec(line);
    if (!fence) open?.lines.push(line);
    else if (open) {
      found.push({ ...open, text: open.lines.join("\n") });
      open = null;
    } else open = { language: fence[1], info: fence[2], line: index + 1, lines: [] };
  }
  return found;
}

const runnable = fences(readme).filter(({ info }) => !info.includes("no-run"));
const of = (language) => runnable.filter((fence) => fence.language === language);

test("the README has a page, a script and commands to run", () => {
  for (const language of ["html", "js", "sh"]) assert.ok(of(language).length, `no \`\`\`${language}`);
});

for (const { text, line } of of("html")) {
  test(`README.md line ${line}: the page shows its figures`, async () => {
    const page = await newPage();
    const url = `${await base()}pasted.html`;
    await page.route(url, (route) => route.fulfill({
      contentType: "text/html; charset=utf-8",
      headers: { "content-security-policy": POLICY },
      body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pasted</title><link rel="icon" href="data:,"></head><body>${text}</body></html>`,
    }));
    await page.goto(url);
    await settled(page);
    clean(page);
    await page.context().close();
  });
}

for (const { text, line } of of("js")) {
  test(`README.md line ${line}: the script runs and says something`, async () => {
    const page = await newPage();
    const said = [];
    page.on("console", async (message) => {
      if (message.type() === "log") said.push(await Promise.all(message.args().map((arg) => arg.jsonValue())));
    });
    await page.route("**/__snippet__.js", (route) => route.fulfill({ contentType: "text/javascript", body: text }));
    await fixture("", { page, script: false });
    await page.evaluate((url) => import(`${url}__snippet__.js`), await base());
    await page.waitForTimeout(200);
    if (text.includes("console.log")) {
      assert.ok(said.length, "nothing was logged");
      assert.ok(said.flat().some((value) => typeof value === "number" && Number.isFinite(value)), JSON.stringify(said));
    }
    clean(page);
    await page.context().close();
  });
}

/** Commands, one a line, without comments. */
const commands = of("sh").flatMap(({ text, line }) =>
  text.split("\n").map((command, index) => ({ command: command.replace(/\s#.*$/, "").trim(), line: line + 1 + index }))
    .filter(({ command }) => command));

const throughCargo = /^cargo run -p mops-cli -- (.*)$/;

for (const { command, line } of commands) {
  test(`README.md line ${line}: ${command}`, async () => {
    const own = throughCargo.exec(command)?.[1] ?? /^mops (.*)$/.exec(command)?.[1];
    const xtask = /^cargo xtask (\w[\w-]*)/.exec(command)?.[1];
    if (own) {
      // Words, quoted ones too, and one redirection: more than that a README need not show.
      const [, words, target] = /^([^>|&;]*?)(?:\s*>\s*(\S+))?$/.exec(own) ?? assert.fail(`too clever: ${own}`);
      const output = await mops(...words.match(/"[^"]*"|\S+/g).map((word) => word.replaceAll('"', "")));
      if (target) {
        assert.match(target, /^target\//, "written outside target/");
        await mkdir(join(root, "target"), { recursive: true });
        await writeFile(join(root, target), output);
      }
    } else if (xtask) {
      const { stdout } = await run("cargo", ["xtask", xtask, "--help"], { cwd: root, maxBuffer: 1 << 26 });
      assert.match(stdout, new RegExp(`xtask ${xtask}`));
    } else assert.fail(`not a command that this test knows: ${command}`);
  });
}

test("files and pictures that the README names are there", () => {
  for (const [, target] of readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)) {
    assert.ok(existsSync(join(root, target)), `${target} is not there`);
  }
});
