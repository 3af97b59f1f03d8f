import { MopsError } from "./error.js";

/** What an element shows (`svg`, `png`), or the text of its tables (`csv`), as a Blob. */
export async function toBlob(element, { format, section, text }) {
  let blob;
  if (format === "csv") blob = text != null && new Blob([text], { type: "text/csv;charset=utf-8" });
  else if (format === "svg" || format === "png") blob = await (await import("./picture.js")).picture(element, format, section);
  if (blob) return blob;
  throw new MopsError({
    code: "nothing_to_export",
    message: `<${element.localName}> has no ${format}${section && ` of ${section}`} to give now.`,
    mend: "Wait for mops-ready; csv, svg and png are known.",
  });
}

/** Offers a file for download. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name.replace(/[\\/:*?"<>|]+/g, " ").trim();
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
