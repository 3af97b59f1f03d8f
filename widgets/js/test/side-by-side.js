import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folders = [new URL("../", import.meta.url), new URL("../../../engine/js/", import.meta.url)];

/** Finds `./name.js` in any folder whose files the package puts side by side. */
export async function resolve(specifier, context, next) {
  if (specifier.startsWith("./") && folders.some((folder) => context.parentURL?.startsWith(folder.href))) {
    for (const folder of folders) {
      const url = new URL(specifier, folder);
      if (existsSync(fileURLToPath(url))) return next(url.href, context);
    }
  }
  return next(specifier, context);
}
