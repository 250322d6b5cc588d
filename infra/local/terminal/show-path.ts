import { isAbsolute, relative } from 'node:path';

/** A path as one would type it in `folder`: relative below it, else absolute. */
export function showPath(folder: string, path: string): string {
  const shown = relative(folder, path);
  return shown.startsWith('..') || isAbsolute(shown) ? path : shown;
}
