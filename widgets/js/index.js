// Registers the elements. Without `customElements` (on a server) importing this does nothing.
import { connected, MopsElement, reflect } from "./element.js";
import { SourceElement } from "./source.js";
import { tags } from "./tags.js";
import { version } from "./version.js";

export { MopsError } from "./error.js";
export { MopsElement, SourceElement, tags, version };

if (globalThis.customElements) {
  for (const tag of tags) {
    const known = customElements.get(tag);
    if (!known) {
      const elementClass = class extends (tag === "mops-source" ? SourceElement : MopsElement) {};
      reflect(elementClass);
      customElements.define(tag, elementClass);
    } else if (known.version !== version) {
      console.warn(`<${tag}> ${known.version ?? "of another library"} is on this page already; ${version} is not used.`);
    }
  }
  const redraw = () => connected.forEach((element) => element.redraw());
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["lang", "dir"] });
  document.fonts.addEventListener("loadingdone", redraw);
}
