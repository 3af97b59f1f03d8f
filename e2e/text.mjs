// Whether what is written can be read: nothing cut off, no word broken in two.

/**
 * Runs in the page. Texts of the page and its widgets that something cuts off, with an ellipsis or without one, and
 * words that go on in the next line. What scrolls cuts nothing, what only screen readers get isn't looked at, and
 * identifiers (`like_this`) may break where they must.
 */
export function textFaults() {
  const faults = [];
  const range = document.createRange();
  const boxes = (node, from, to) => {
    range.setStart(node, from);
    range.setEnd(node, to);
    return [...range.getClientRects()].filter(({ width, height }) => width > 0.5 && height > 0.5);
  };
  const cutters = (element) => {
    const found = [];
    for (let at = element; at; at = at.assignedSlot ?? at.parentElement ?? at.getRootNode().host) {
      const { overflowX, overflowY } = getComputedStyle(at);
      if (/auto|scroll/.test(overflowX + overflowY)) break;
      if (/hidden|clip/.test(overflowX + overflowY)) found.push(at.getBoundingClientRect());
    }
    return found;
  };
  const visit = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) visit(element.shadowRoot);
      if (element.closest(".visually-hidden, .hidden, .skip, svg title, select, script, style") || !element.checkVisibility({ visibilityProperty: true })) continue;
      for (const node of element.childNodes) {
        if (node.nodeType !== 3 || !node.data.trim()) continue;
        const told = `${element.localName}.${element.getAttribute("class") ?? ""} “${node.data.trim().slice(0, 60)}”`;
        const rects = boxes(node, 0, node.length);
        const style = getComputedStyle(element);
        if (style.textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth + 1) faults.push(`${told} ends in an ellipsis`);
        for (const { left, right, top, bottom } of cutters(element)) {
          if (rects.some((box) => box.left < left - 1.5 || box.right > right + 1.5 || box.top < top - 3 || box.bottom > bottom + 3)) {
            faults.push(`${told} is cut off`);
            break;
          }
        }
        for (const { 0: word, index } of node.data.matchAll(/(?<![\p{L}\d_])\p{L}{2,}(?![\p{L}\d_])/gu)) {
          const lines = new Set(boxes(node, index, index + word.length).map(({ top }) => Math.round(top)));
          if (lines.size > 1) faults.push(`${told} breaks within “${word}”`);
        }
      }
    }
  };
  visit(document);
  return [...new Set(faults)];
}
