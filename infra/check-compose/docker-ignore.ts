import { matchesGlob } from 'node:path';

/**
 * Whether a file of the build context reaches the build, by the lines of a .dockerignore: the last line that matches
 * the path or a folder above it decides.
 */
export function reachesBuild(path: string, dockerIgnore: string): boolean {
  const folders = path.split('/');
  const prefixes = folders.map((_, index) => folders.slice(0, index + 1).join('/'));
  let reaches = true;
  for (const line of dockerIgnore.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const isException = line.startsWith('!');
    const pattern = isException ? line.slice(1) : line;
    if (prefixes.some((prefix) => matchesGlob(prefix, pattern))) reaches = isException;
  }
  return reaches;
}
