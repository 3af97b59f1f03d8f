import { MopsError } from "./error.js";
import { canvasPen, shorthand, svgPen } from "./pens.js";

// The picture of an element: every box, line of text and scene that it shows, where the browser has put it and in the
// colours that hold there, so in the theme, font and width in which it is seen. Text is only ever text: it is drawn, or
// written escaped. Nothing is loaded.

/**
 * How an element looks in a picture. Tools keep their place, so that nothing moves; what stands open beneath the head
 * gives it up, as in print. What is cut off or scrolled away is shown, because a picture has no tooltip.
 */
const LOOK = `
  .panel, .tip, .popover, .updating, .clear, .more[open] > summary { display: none !important; }
  .tools, .action, .chip .icon, .opener .icon { visibility: hidden !important; }
  .section-title::before { content: none !important; }
  summary { list-style: none !important; }
  .root { outline-color: Canvas !important; }
  .scroll { max-block-size: none !important; overflow: visible !important; }
  .scroll thead th { position: static !important; }
  .opener-text, .chip-text { white-space: normal !important; overflow-wrap: anywhere; }
`;

/** What an element, or a section of it, shows, as a Blob of `svg` or `png`; nothing while it shows nothing. */
export async function picture(element, format, section) {
  const root = element.shadowRoot;
  if (!root) return undefined;
  await element.ownerDocument.fonts?.ready;
  const look = new element.ownerDocument.defaultView.CSSStyleSheet();
  look.replaceSync(LOOK);
  const sheets = [...root.adoptedStyleSheets];
  // Until the end of this task only: the page never paints it.
  root.adoptedStyleSheets = [...sheets, look];
  let pen;
  try {
    pen = draw(element, root, section, format === "png" ? canvasPen : svgPen);
  } finally {
    root.adoptedStyleSheets = sheets;
  }
  try {
    return await pen?.blob();
  } catch (cause) {
    throw new MopsError({ code: "export_failed", message: cause.message, mend: "Export as svg, or a section." }, { cause });
  }
}

function draw(host, root, section, makePen) {
  const box = host.getBoundingClientRect();
  const frame = root.querySelector(".frame, .filters, .source");
  const selectors = section ? [".head", `[data-section="${CSS.escape(section)}"]`] : [".root"];
  const parts = selectors.map((selector) => root.querySelector(selector));
  if (!box.width || !frame || parts.includes(null)) return undefined;

  const rects = parts.map((part) => part.getBoundingClientRect());
  const edge = rects[0].top - box.top;
  const height = section ? rects.reduce((sum, rect) => sum + rect.height + edge, edge) : box.height;
  // What scrolls sideways on the page has its whole width here.
  const wide = [...root.querySelectorAll(".scroll > *")].map((inner) => inner.getBoundingClientRect().right - box.left + edge);
  const width = Math.max(box.width, ...wide);
  const style = getComputedStyle(host);
  const pen = makePen(width, height, { title: frame.getAttribute("aria-label"), family: style.fontFamily });
  const painter = new Painter(pen, box.left);
  painter.behind(host, getComputedStyle(root.querySelector(".root")).outlineColor, width, height);
  painter.box({ left: box.left, top: 0, width, height }, style, 1);
  // A section comes right under the head.
  let top = edge;
  for (const [index, part] of parts.entries()) {
    painter.top = rects[index].top - top;
    painter.element(part, 1);
    top += rects[index].height + edge;
  }
  return pen;
}

/** One pixel, to ask what colours of all kinds are in red, green and blue. */
let pixel;
const known = new Map();

/** A computed colour as `[hex, alpha]`, or nothing where it can't be seen. */
function colour(css, alpha = 1) {
  let found = known.get(css);
  if (!found) {
    let parts = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(css)?.slice(1).map((part) => +(part ?? 1));
    if (!parts) {
      pixel ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
      pixel.clearRect(0, 0, 1, 1);
      pixel.fillStyle = "#0000";
      pixel.fillStyle = css;
      pixel.fillRect(0, 0, 1, 1);
      parts = [...pixel.getImageData(0, 0, 1, 1).data];
      parts[3] /= 255;
    }
    const hex = parts.slice(0, 3).map((part) => Math.round(part).toString(16).padStart(2, "0")).join("");
    found = [`#${hex}`, parts[3]];
    known.set(css, found);
  }
  return found[1] * alpha > 0.004 ? [found[0], found[1] * alpha] : undefined;
}

const ascents = new Map();
/** How much of a line's height stands above its baseline. */
function ascent(font) {
  const name = shorthand(font);
  if (!ascents.has(name)) {
    const context = document.createElement("canvas").getContext("2d");
    context.font = name;
    const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = context.measureText("x");
    ascents.set(name, above / (above + below));
  }
  return ascents.get(name);
}

const fontOf = (style, scale = 1) => ({
  family: style.fontFamily,
  size: parseFloat(style.fontSize) * scale,
  weight: style.fontWeight,
  style: style.fontStyle,
  spacing: parseFloat(style.letterSpacing) * scale || 0,
});

/** Whether a text begins at its right: as it says itself, where the style leaves that to it. */
function isRightToLeft(words, style) {
  if (style.unicodeBidi !== "plaintext") return style.direction === "rtl";
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/.test(/\p{L}/u.exec(words)?.[0] ?? "");
}

/** A box with round corners. */
function outline(x, y, width, height, radius) {
  if (!(radius > 0)) return `M${x} ${y}h${width}v${height}h${-width}z`;
  const r = Math.min(radius, width / 2, height / 2);
  const arc = (dx, dy) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
  const [across, down] = [width - 2 * r, height - 2 * r];
  return `M${x + r} ${y}h${across}${arc(r, r)}v${down}${arc(-r, r)}h${-across}${arc(-r, -r)}v${-down}${arc(r, -r)}z`;
}

const SIDES = ["Top", "Right", "Bottom", "Left"];

class Painter {
  /** Where the page is that stands at the picture's edges. */
  left;
  top = 0;
  #pen;

  constructor(pen, left) {
    this.#pen = pen;
    this.left = left;
  }

  /** What the page has behind an element that lets it through. */
  behind(host, canvas, width, height) {
    const layers = [];
    const isOpaque = () => layers[0]?.[1] === 1;
    for (let at = host; at && !isOpaque(); at = at.parentElement ?? at.getRootNode().host) {
      const fill = colour(getComputedStyle(at).backgroundColor);
      if (fill) layers.unshift(fill);
      // The element's own is drawn with its box.
      if (at === host && isOpaque()) return;
      if (at === host) layers.length = 0;
    }
    if (!isOpaque()) layers.unshift(colour(canvas));
    for (const fill of layers) this.#pen.path(outline(0, 0, width, height), [0, 0, 1], { fill });
  }

  element(element, alpha) {
    const style = getComputedStyle(element);
    if (style.display === "none" || element.classList.contains("hidden")) return;
    alpha *= style.opacity;
    if (element.localName === "svg") {
      if (style.visibility === "visible") this.#scene(element, alpha);
      return;
    }
    if (style.visibility === "visible") {
      for (const rect of element.getClientRects()) this.box(rect, style, alpha);
      if (element.localName === "select") this.#choice(element, style, alpha);
    }
    const isClosed = element.localName === "details" && !element.open;
    for (const child of element.childNodes) {
      if (isClosed && child.localName !== "summary") continue;
      if (child.nodeType === Node.ELEMENT_NODE) {
        if (element.localName !== "select") this.element(child, alpha);
      } else if (child.nodeType === Node.TEXT_NODE && style.visibility === "visible") this.#text(child, style, alpha);
    }
  }

  /** Background and border. */
  box({ left, top, width, height }, style, alpha) {
    if (!width || !height) return;
    const place = [left - this.left, top - this.top, 1];
    const corner = style.borderTopLeftRadius;
    const radius = parseFloat(corner) * (corner.includes("%") ? Math.min(width, height) / 100 : 1);
    const fill = colour(style.backgroundColor, alpha);
    if (fill) {
      const corners = /^polygon\((.*)\)$/.exec(style.clipPath)?.[1].split(",").map((point) => {
        const [x, y] = point.trim().split(" ").map((part, axis) => parseFloat(part) * (part.endsWith("%") ? (axis ? height : width) / 100 : 1));
        return `${x} ${y}`;
      });
      this.#pen.path(corners ? `M${corners.join("L")}z` : outline(0, 0, width, height, radius), place, { fill });
    }
    const sides = SIDES.map((side) => ({
      thick: style[`border${side}Style`] === "none" ? 0 : parseFloat(style[`border${side}Width`]),
      paint: style[`border${side}Color`],
      dashed: style[`border${side}Style`] === "dashed",
    }));
    const [{ thick, paint, dashed }] = sides;
    // Cells that share their borders have each half of them.
    const isShared = style.display === "table-cell" && style.borderCollapse === "collapse";
    const out = (thick) => (isShared ? thick / 2 : 0);
    if (sides.every((side) => side.thick === thick && side.paint === paint)) {
      const stroke = thick && colour(paint, alpha);
      if (stroke) {
        const inset = thick / 2 - out(thick);
        const inner = outline(inset, inset, width - 2 * inset, height - 2 * inset, radius - inset);
        this.#pen.path(inner, place, { stroke, width: thick, dash: dashed ? [2 * thick, 2 * thick] : undefined });
      }
      return;
    }
    for (const [index, { thick, paint }] of sides.entries()) {
      const fill = thick && colour(paint, alpha);
      if (!fill) continue;
      const x = index === 1 ? width - thick + out(thick) : index === 3 ? -out(thick) : 0;
      const y = index === 2 ? height - thick + out(thick) : index === 0 ? -out(thick) : 0;
      this.#pen.path(outline(x, y, index % 2 ? thick : width, index % 2 ? height : thick), place, { fill });
    }
  }

  /** What a control stands at. */
  #choice(select, style, alpha) {
    const words = select.selectedOptions[0]?.label;
    const fill = colour(style.color, alpha);
    if (!words || !fill) return;
    const { left, right, top, height } = select.getBoundingClientRect();
    const font = fontOf(style);
    const rtl = style.direction === "rtl";
    const inset = parseFloat(rtl ? style.paddingRight : style.paddingLeft) + parseFloat(style.borderLeftWidth);
    const y = top - this.top + height / 2 + font.size * 0.36;
    this.#pen.text(words, { x: (rtl ? right - inset : left + inset) - this.left, y, font, fill, anchor: "start", rtl });
  }

  /** Text, line by line. */
  #text(node, style, alpha) {
    const fill = colour(style.color, alpha);
    if (!fill || !node.data.trim()) return;
    const font = fontOf(style);
    const rtl = isRightToLeft(node.data, style);
    for (const { words, left, right, top, bottom } of lines(node)) {
      const y = top - this.top + (bottom - top) * ascent(font);
      this.#pen.text(words, { x: (rtl ? right : left) - this.left, y, font, fill, anchor: "start", rtl, length: right - left });
    }
  }

  /** A drawing or a sign, mark by mark. */
  #scene(svg, alpha) {
    const rect = svg.getBoundingClientRect();
    const frame = svg.viewBox.baseVal;
    if (!rect.width || !frame?.width) return;
    const scale = rect.width / frame.width;
    const place = [rect.left - this.left - frame.x * scale, rect.top - this.top - frame.y * scale, scale];
    // Groups have nothing of their own.
    for (const mark of svg.querySelectorAll(":not(g, title)")) {
      const style = getComputedStyle(mark);
      const faded = alpha * style.opacity;
      const fill = colour(style.fill, faded * style.fillOpacity);
      if (mark.localName === "text") {
        if (fill) this.#label(mark, style, place, fill);
        continue;
      }
      const d = shape(mark);
      const stroke = style.stroke === "none" ? undefined : colour(style.stroke, faded * style.strokeOpacity);
      const width = parseFloat(style.strokeWidth);
      if (!d || style.display === "none" || (!fill && !(stroke && width))) continue;
      this.#pen.path(d, place, {
        fill: style.fill === "none" ? undefined : fill,
        stroke: width ? stroke : undefined,
        width,
        dash: style.strokeDasharray === "none" ? undefined : style.strokeDasharray.match(/[\d.]+/g).map(Number),
        cap: style.strokeLinecap,
        join: style.strokeLinejoin,
      });
    }
  }

  #label(mark, style, [x, y, scale], fill) {
    // The first node is what is seen; a title may follow.
    const words = mark.firstChild?.data?.trim();
    if (!words) return;
    const rtl = isRightToLeft(words, style);
    const at = (name) => +mark.getAttribute(name) * scale;
    this.#pen.text(words, {
      x: rtl ? mark.getBoundingClientRect().right - this.left : x + at("x"),
      y: y + at("y"),
      font: fontOf(style, scale),
      fill,
      anchor: rtl ? "start" : style.textAnchor,
      rtl,
      length: mark.getComputedTextLength() * scale,
    });
  }
}

/** A mark of a scene as an outline. */
function shape(mark) {
  const at = (name) => +mark.getAttribute(name) || 0;
  switch (mark.localName) {
    case "path":
      return mark.getAttribute("d");
    case "rect":
      return outline(at("x"), at("y"), at("width"), at("height"), at("rx"));
    case "circle":
      return outline(at("cx") - at("r"), at("cy") - at("r"), 2 * at("r"), 2 * at("r"), at("r"));
    case "polyline":
    case "polygon": {
      const points = mark.getAttribute("points").trim();
      return points && `M${points}${mark.localName === "polygon" ? "z" : ""}`;
    }
    default:
      return undefined;
  }
}

const SPACE = /[ \t\r\n\f]+/;

/** The lines of a text as the browser broke it. Blanks at the ends of a line take no room. */
function* lines(node) {
  const range = node.ownerDocument.createRange();
  const rectsOf = (start, end) => {
    range.setStart(node, start);
    range.setEnd(node, end);
    return [...range.getClientRects()].filter(({ width }) => width > 0);
  };
  const isApart = (one, other) => one.top >= other.bottom - 1 || one.bottom <= other.top + 1;
  const line = (start, end) => {
    const rects = rectsOf(start, end);
    const { top, bottom } = rects[0];
    const left = Math.min(...rects.map((rect) => rect.left));
    const right = Math.max(...rects.map((rect) => rect.right));
    return { words: node.data.slice(start, end).split(SPACE).join(" "), left, right, top, bottom };
  };
  const all = rectsOf(0, node.length);
  if (!all.length) return;
  const first = node.data.search(/[^ \t\r\n\f]/);
  if (all.every((rect) => !isApart(rect, all[0]))) {
    yield line(first, node.data.replace(/[ \t\r\n\f]+$/, "").length);
    return;
  }
  let [start, end, place] = [first, first, undefined];
  for (let at = first; at < node.length; ) {
    const next = at + String.fromCodePoint(node.data.codePointAt(at)).length;
    const [rect] = SPACE.test(node.data.slice(at, next)) ? [] : rectsOf(at, next);
    if (rect) {
      if (place && isApart(rect, place)) {
        yield line(start, end);
        start = at;
      }
      place = rect;
      end = next;
    }
    at = next;
  }
  if (end > start) yield line(start, end);
}
