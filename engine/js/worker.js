// The engine in a module Worker.
import init, * as bindings from "./mops_engine.js";
import { Runtime } from "./runtime.js";

/** Between two slices of this length a cancellation is heard. */
const BUDGET = 50;

let runtime;

addEventListener("message", async ({ data }) => {
  if (runtime) {
    runtime.handle(data);
    return;
  }
  try {
    await init({ module_or_path: data.wasm });
    if (data.lock) await hold(data.lock);
    runtime = new Runtime(bindings, BUDGET, (message) => {
      postMessage(message);
      if (message.dead) close();
    }, true);
    postMessage({ ready: true });
  } catch (error) {
    postMessage({ failed: error.message });
  }
});

/** Holds a lock for as long as this Worker lives: whoever waits for it learns of any death. */
function hold(name) {
  return new Promise((held) => {
    navigator.locks
      .request(name, () => {
        held();
        return new Promise(() => {});
      })
      .catch(held);
  });
}

postMessage({ hello: true });
