import { MopsError } from "./error.js";

const types = { csv: "text/csv;charset=utf-8", svg: "image/svg+xml", png: "image/png" };

/** What a widget exports (text of a table or picture), as a Blob of the format asked for. */
export async function toBlob(format, { text }) {
  return format === "png" ? paint(text) : new Blob([text], { type: types[format] });
}

// A canvas draws an SVG picture from a data: address, which a strict policy for images allows.
async function paint(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  try {
    await image.decode();
  } catch (cause) {
    throw new MopsError(
      {
        code: "export_failed",
        message: "The picture could not be drawn as PNG.",
        mend: "Allow data: in img-src, or export as svg.",
      },
      { cause },
    );
  }
  const scale = Math.max(2, devicePixelRatio);
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(image.width * scale);
  canvas.height = Math.ceil(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large for a PNG."))), types.png),
  );
}

/** Offers a file for download. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name.replace(/[\\/:*?"<>|]+/g, " ").trim();
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
