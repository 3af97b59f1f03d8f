import test from "node:test";
import assert from "node:assert/strict";
import { Runtime } from "../runtime.js";
import { pause } from "../slices.js";

const turns = async (many) => {
  while (many--) await pause();
};

/** A session whose questions say how many slices they take, each of some milliseconds. */
class Source {
  left = new Map();

  constructor(charter) {
    this.charter = charter;
  }
  setCharter(charter) {
    this.charter = charter;
    return true;
  }
  begin() {
    return 0;
  }
  push() {}
  progress() {
    return [0, 0];
  }
  finish() {}
  assemble() {}
  free() {}
  ahead() {
    return false;
  }

  step(text) {
    const { slices } = JSON.parse(text);
    const left = (this.left.get(text) ?? slices) - 1;
    this.left.set(text, left);
    for (const start = performance.now(); performance.now() - start < 3; );
    if (slices === 0) throw new Error("no such question");
    return left ? undefined : JSON.stringify({ slices, charter: this.charter });
  }
}

async function opened() {
  const replies = [];
  const runtime = new Runtime({ Source }, 2, (reply) => replies.push(reply));
  await runtime.handle({ id: 1, method: "open", source: 7, inputs: [] });
  replies.length = 0;
  const ask = (id, slices, more) => runtime.handle({ id, method: "query", source: 7, query: { slices, ...more } });
  return { runtime, replies, ask };
}

test("a quick answer does not wait for a slow one", async () => {
  const { replies, ask } = await opened();
  const slow = ask(2, 40);
  await Promise.all([slow, ask(3, 2), ask(4, 1), ask(5, 5)]);
  assert.deepEqual(replies.map(({ id, result }) => [id, result.slices]), [[4, 1], [3, 2], [5, 5], [2, 40]]);
});

test("what is asked meanwhile takes its turn", async () => {
  const { replies, ask } = await opened();
  const slow = ask(2, 60);
  await turns(4);
  await ask(3, 1);
  assert.deepEqual(replies.map(({ id }) => id), [3]);
  await slow;
  assert.deepEqual(replies.map(({ id }) => id), [3, 2]);
});

test("a question that fails or is cancelled leaves the others alone", async () => {
  const { runtime, replies, ask } = await opened();
  const all = [ask(2, 30), ask(3, 0), ask(4, 50, { other: true })];
  await turns(3);
  await runtime.handle({ id: 2, method: "cancel" });
  await Promise.all(all);
  assert.deepEqual(replies.map(({ id, error }) => [id, Boolean(error)]), [[3, true], [2, true], [4, false]]);
});

test("closing ends what is still asked", async () => {
  const { runtime, replies, ask } = await opened();
  const slow = ask(2, 50);
  await runtime.handle({ id: 3, method: "close", source: 7 });
  await slow;
  assert.equal(replies.find(({ id }) => id === 2).error.code, "closed");
});

test("a charter that comes while files are read again stays in force", async () => {
  const replies = [];
  const runtime = new Runtime({ Source }, 2, (reply) => replies.push(reply));
  const inputs = [{ table: "deals", source: "deals", text: "id\n".repeat(1000) }];
  await runtime.handle({ id: 1, method: "open", source: 7, charter: { text: "{}" }, inputs });
  const reading = runtime.handle({ id: 2, method: "refresh", source: 7 });
  const cancelled = runtime.handle({ id: 3, method: "setCharter", source: 7, charter: { text: '{"cancelled": true}' } });
  const changing = runtime.handle({ id: 4, method: "setCharter", source: 7, charter: { text: '{"new": true}' } });
  await runtime.handle({ id: 3, method: "cancel" });
  await Promise.all([reading, cancelled, changing]);
  await runtime.handle({ id: 5, method: "query", source: 7, query: { slices: 1 } });
  assert.ok(replies.find(({ id }) => id === 3).error);
  assert.equal(replies.find(({ id }) => id === 5).result.charter, '{"new": true}');
});
