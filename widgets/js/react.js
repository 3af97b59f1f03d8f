// A wrapper for React before 19, which sets no properties on custom elements and hears none of their events.
import { attributes, camel, sourceAttributes, tags } from "./tags.js";

const events = ["mops-ready", "mops-error", "mops-change", "mops-filter-change", "mops-select"];
const named = new Map([...attributes, ...sourceAttributes].map((name) => [camel(name), name]));
const pascal = (name) => camel(`-${name}`);
const handlers = new Map(events.map((name) => [`on${pascal(name)}`, name]));

/**
 * Components `MopsSource`, `MopsKpi`, … for the React given. Props are the elements' properties (`asOf`, `metrics`,
 * `view`, `data`) and `onMopsReady`, …; anything else goes to the element as it is. Import `mops-widgets` besides, in
 * the browser: rendering on a server needs none of it.
 */
export function createReactWidgets(React) {
  const { createElement, forwardRef, useImperativeHandle, useEffect, useRef } = React;
  return Object.fromEntries(
    tags.map((tag) => {
      const name = pascal(tag);
      const component = forwardRef((props, ref) => {
        const element = useRef(null);
        const attributesOfElement = { ref: element };
        const properties = {};
        const listeners = {};
        for (const [key, value] of Object.entries(props)) {
          if (handlers.has(key)) listeners[handlers.get(key)] = value;
          else if (["view", "data", "files"].includes(key) || (named.has(key) && typeof value === "object"))
            properties[key] = value;
          else if (named.has(key)) attributesOfElement[named.get(key)] = value;
          else if (key === "className") attributesOfElement.class = value;
          else attributesOfElement[key] = value;
        }
        useImperativeHandle(ref, () => element.current, []);
        // Before the properties are set, so that no event is missed.
        const heard = useRef(listeners);
        heard.current = listeners;
        useEffect(() => {
          const node = element.current;
          const hear = (event) => heard.current[event.type]?.(event);
          for (const type of events) node.addEventListener(type, hear);
          return () => events.forEach((type) => node.removeEventListener(type, hear));
        }, []);
        const before = useRef({});
        useEffect(() => {
          for (const key of new Set([...Object.keys(before.current), ...Object.keys(properties)])) {
            // What was an object and is text now has been set as an attribute already.
            if (key in props && !(key in properties)) continue;
            if (before.current[key] !== properties[key]) element.current[key] = properties[key];
          }
          before.current = properties;
        });
        return createElement(tag, attributesOfElement);
      });
      component.displayName = name;
      return [name, component];
    }),
  );
}
