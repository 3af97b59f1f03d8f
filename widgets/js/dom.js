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
