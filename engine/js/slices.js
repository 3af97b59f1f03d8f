// Long work in slices, so that a page without a Worker stays alive.

const channel = globalThis.MessageChannel && new MessageChannel();
const waiting = [];
if (channel) {
  channel.port1.onmessage = () => waiting.shift()?.();
  // A port keeps Node.js running; a browser's has no such method.
  channel.port1.unref?.();
}

// What follows a `scheduler.yield` goes before all messages: in a Worker nothing that the page says would be heard.
const yields = globalThis.document && globalThis.scheduler?.yield;

/** Lets everything else go first. */
export function pause() {
  if (yields) return scheduler.yield();
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port1.ref?.();
    channel.port2.postMessage(0);
  }).then(() => waiting.length || channel.port1.unref?.());
}

/** Counts the time since the last pause. */
export class Slices {
  #since = performance.now();

  /** @param {number} budget milliseconds of work between two pauses */
  constructor(budget) {
    this.budget = budget;
  }

  /** Pauses if the budget is spent. */
  async rest(now = false) {
    if (!now && performance.now() - this.#since < this.budget) return;
    await pause();
    this.#since = performance.now();
  }
}
