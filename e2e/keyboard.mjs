// Goes over a page with the Tab key.
import assert from "node:assert/strict";

/** The element that has the focus, through shadow roots: its label and the widget it is in. */
export const focused = (page) => page.evaluate(() => {
  let at = document.activeElement;
  const widget = at?.localName;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return { widget, name: at?.getAttribute("aria-label") ?? at?.textContent ?? "", role: at?.getAttribute("role") ?? at?.localName, item: at?.dataset?.item };
});

/** Presses Tab until something with this name, or that passes, has the focus. */
export async function tabTo(page, wanted) {
  const seen = [];
  for (let press = 0; press < 60; press += 1) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    if (typeof wanted === "function" ? wanted(at) : wanted.test(at.name)) return at;
    seen.push(`${at.widget}: ${at.name.slice(0, 40)}`);
  }
  return assert.fail(`Tab never reaches ${wanted}:\n${seen.join("\n")}`);
}
