// The two ways in which a picture is written down. Both take the same marks: outlines (`path`) and lines of text
// (`text`), in pixels of the page; `place` is `[x, y, scale]`, a colour `[hex, alpha]`.

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
// What XML can't hold is dropped; text from data stays text.
const escaped = (text) =>
  `${text}`.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "").replace(/[&<>"]/g, (sign) => ENTITIES[sign]);
const round = (value) => Math.round(value * 100) / 100;

/** Attributes in order; those without a value are left out. */
const attributes = (all) => Object.entries(all)
  .filter(([, value]) => value !== undefined)
  .map(([name, value]) => ` ${name}="${escaped(typeof value === "number" ? round(value) : value)}"`)
  .join("");

const opacity = (colour) => (colour?.[1] < 1 ? colour[1] : undefined);

/** Writes a file of its own: nothing in it is loaded or run. */
export function svgPen(width, height, { title, family }) {
  const marks = [];
  return {
    path(d, [x, y, scale], { fill, stroke, width, dash, cap, join }) {
      const isMoved = x || y || scale !== 1;
      marks.push(`<path${attributes({
        d,
        transform: isMoved ? `translate(${round(x)} ${round(y)})${scale === 1 ? "" : ` scale(${round(scale)})`}` : undefined,
        fill: fill ? fill[0] : "none",
        "fill-opacity": opacity(fill),
        stroke: stroke?.[0],
        "stroke-opacity": opacity(stroke),
        "stroke-width": stroke && width,
        "stroke-dasharray": stroke && dash?.join(" "),
        "stroke-linecap": stroke && cap,
        "stroke-linejoin": stroke && join,
      })}/>`);
    },
    text(words, { x, y, font, fill, anchor, rtl, length }) {
      marks.push(`<text${attributes({
        x,
        y,
        fill: fill[0],
        "fill-opacity": opacity(fill),
        "font-family": font.family === family ? undefined : font.family,
        "font-size": font.size,
        "font-style": font.style === "normal" ? undefined : font.style,
        "font-weight": font.weight === "400" ? undefined : font.weight,
        "letter-spacing": font.spacing || undefined,
        "text-anchor": anchor === "start" ? undefined : anchor,
        direction: rtl ? "rtl" : undefined,
        // Where another font takes the place of this one, the line keeps its length.
        textLength: length,
        lengthAdjust: "spacingAndGlyphs",
      })}>${escaped(words)}</text>`);
    },
    async blob() {
      const root = {
        xmlns: "http://www.w3.org/2000/svg",
        width,
        height,
        viewBox: `0 0 ${round(width)} ${round(height)}`,
        "font-family": family,
        // Figures of one width, so that numbers stay under each other.
        style: "font-variant-numeric:tabular-nums",
      };
      const text = `<svg${attributes(root)}>\n<title>${escaped(title)}</title>\n${marks.join("\n")}\n</svg>\n`;
      return new Blob([text], { type: "image/svg+xml" });
    },
  };
}

/** Most pixels that every browser's canvas has along a side. */
const SIDE = 16_384;

/** Draws with at least two pixels for each of the page's. */
export function canvasPen(width, height) {
  const scale = Math.min(Math.max(2, devicePixelRatio), SIDE / width, SIDE / height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const context = canvas.getContext("2d");
  const move = (x, y, by, stretch = 1) => context.setTransform(scale * by * stretch, 0, 0, scale * by, scale * x, scale * y);
  return {
    path(d, [x, y, by], { fill, stroke, width, dash, cap, join }) {
      move(x, y, by);
      const outline = new Path2D(d);
      if (fill) {
        [context.fillStyle, context.globalAlpha] = fill;
        context.fill(outline);
      }
      if (stroke) {
        [context.strokeStyle, context.globalAlpha] = stroke;
        context.lineWidth = width;
        context.lineCap = cap ?? "butt";
        context.lineJoin = join ?? "miter";
        context.setLineDash(dash ?? []);
        context.stroke(outline);
      }
    },
    text(words, { x, y, font, fill, anchor, rtl, length }) {
      [context.fillStyle, context.globalAlpha] = fill;
      context.font = shorthand(font);
      context.letterSpacing = `${font.spacing}px`;
      context.direction = rtl ? "rtl" : "ltr";
      context.textAlign = anchor === "middle" ? "center" : anchor;
      // A canvas knows no figures of one width: the line gets the length that it has on the page.
      move(x, y, 1, length / context.measureText(words).width || 1);
      context.fillText(words, 0, 0);
    },
    blob: () => new Promise((resolve, reject) => canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large for a PNG."))),
      "image/png",
    )),
  };
}

/** A font as canvases read it. */
export const shorthand = ({ style, weight, size, family }) => `${style} ${weight} ${size}px ${family}`;
