// Asks the engine's module what `cargo xtask bench query` has asked natively: `node e2e/query.mjs FOLDER CHARTER`.
import { createReadStream, readFileSync } from "node:fs";
import init, { Source } from "../dist/mops_engine.js";

const [folder, charter] = process.argv.slice(2);
const { kpis, page, filters } = JSON.parse(readFileSync(`${folder}/questions.json`, "utf8"));

const instance = await init({ module_or_path: readFileSync(new URL("../dist/mops_engine_bg.wasm", import.meta.url)) });
const source = new Source(readFileSync(charter, "utf8"), JSON.stringify({ name: "UTC", changes: [] }));
const megabytes = () => Math.round(instance.memory.buffer.byteLength / 1e6);

for (const table of ["contacts", "deals", "touches"]) {
  const start = performance.now();
  const input = source.begin(table, table);
  for await (const chunk of createReadStream(`${folder}/${table}.csv`, { highWaterMark: 1 << 18 })) source.push(input, chunk);
  const [rows] = source.progress(input);
  source.finish(input);
  console.log(`module: read ${rows} rows of ${table} in ${Math.round(performance.now() - start)} ms, ${megabytes()} MB held`);
}
source.assemble();

// Milliseconds of this process's own, which others on the machine don't lengthen.
const work = () => {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
};

// The least that can be done: counting the numbers of one column that lie in a range.
const column = Float64Array.from({ length: 1_000_000 }, (_, index) => (index * 7919) % 1_000_003);
let floor = Infinity;
for (let round = 0; round < 30; round++) {
  const start = work();
  let within = 0;
  for (let row = 0; row < column.length; row++) if (column[row] >= 1000 && column[row] < 400_000) within++;
  if (within) floor = Math.min(floor, work() - start);
}
console.log(`\none plain pass over a column of a million: ${floor.toFixed(2)} ms`);

const time = (query) => {
  const start = work();
  const text = JSON.stringify(query);
  let view;
  // However much it may do at once, the search for duplicates ends a step by itself.
  while ((view = source.step(text, 2 ** 31)) === undefined);
  JSON.parse(view);
  return work() - start;
};
const cell = (value) => value.toFixed(2).padStart(10);

const filtered = (query, [field, values], value) => ({ ...query, filter: { [field]: [values[value]] } });
const ask = (questions, value) =>
  questions.map(([, query]) => [query, query, ...filters.map((filter) => filtered(query, filter, value))].map(time));

const print = (what, questions, lines) => {
  const heads = ["first", "again", ...filters.map(([field]) => field), "ahead", "looked at"].slice(0, lines[0].length);
  const all = heads.map((_, at) => lines.reduce((sum, times) => sum + times[at], 0));
  console.log(`\n${what.padEnd(26)}${heads.map((head) => head.padStart(10)).join("")}   share  passes`);
  for (const [name, times] of [...questions.map(([name], at) => [name, lines[at]]), ["all", all]]) {
    const share = `${((100 * times[3]) / all[3]).toFixed(1).padStart(6)} %${(times[3] / floor).toFixed(1).padStart(8)}`;
    console.log(name.padEnd(26) + times.map(cell).join("") + share);
  }
};

const lines = ask(page, 1);
const start = work();
while (source.ahead(2 ** 20));
const ahead = work() - start;
page.forEach(([, query], at) => lines[at].push(time(filtered(query, filters[1], 2))));

// Nothing is filtered any more, and the control of another field has the focus for a second: then its most frequent value
// is chosen.
const looked = "country";
page.forEach(([, query]) => time(query));
const offered = JSON.parse(source.step(JSON.stringify({ ...page.at(-1)[1], segment: looked }), 2 ** 31)).body.fields;
const [most] = offered.find(({ field }) => field === looked).values;
for (const looking = work(); work() - looking < 1000 && source.ahead(4096); );
page.forEach(([, query], at) => lines[at].push(time(filtered(query, [looked, [most.value]], 0))));
print("executive page", page, lines);
console.log(`\nworking ahead on the other values of ${filters[1][0]}: ${Math.round(ahead)} ms, ${megabytes()} MB held`);
print("KPI", kpis, ask(kpis, 0));
console.log(`\nmemory of the module: ${megabytes()} MB`);
