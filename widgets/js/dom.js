// What the widgets' module would do to the document in many calls, done in one: each costs more than what it does.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with its attributes.
 *
 * @param {string} name
 * @param {boolean} svg whether it is one of SVG
 * @param {string} attributes names and values in turn, with a NUL after each
 */
export function make(name, svg, attributes) {
  const element = svg ? document.createElementNS(SVG, name) : document.createElement(name);
  const parts = attributes.split("\0");
  for (let at = 1; at < parts.length; at += 2) element.setAttribute(parts[at - 1], parts[at]);
  return element;
}

/**
 * Keeps what a widget's own controls take from the page around it, where it would look as if the element itself had got it:
 * a letter typed in a search would be a host's short cut, an input would make its form unsaved. What a control doesn't use
 * goes through: Tab, Escape, function keys, and whatever has a modifier.
 *
 * @param {Element} root
 */
export function fence(root) {
  for (const name of ["input", "change", "keydown", "keypress", "keyup"]) {
    root.addEventListener(name, (event) => {
      const { key, target } = event;
      const used = target.matches("input,select") ? /^(.|Enter|Backspace|Delete|Home|End|Arrow.+|Page.+)$/ : /^( |Enter)$/;
      if (!key || (used.test(key) && !event.ctrlKey && !event.metaKey && !event.altKey)) event.stopPropagation();
    });
  }
}
