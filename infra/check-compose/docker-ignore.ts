/**
 * Whether a file of the build context reaches the build, by the lines of a .dockerignore: the last line that matches
 * the path or a folder above it decides.
 */
export function reachesBuild(path: string, dockerIgnore: string): boolean {
  const names = path.split('/');
  const prefixes = names.map((_, index) => names.slice(0, index + 1).join('/'));
  let reaches = true;
  for (const line of dockerIgnore.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const isException = line.startsWith('!');
    const pattern = toRegularExpression(isException ? line.slice(1) : line);
    if (prefixes.some((prefix) => pattern.test(prefix))) reaches = isException;
  }
  return reaches;
}

// Not Node's own globs: for Docker a star also matches names that begin with a dot, such as .env.
function toRegularExpression(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*|\?/g, (wildcard) => ({ '**/': '(?:.*/)?', '*': '[^/]*' })[wildcard] ?? '[^/]');
  return new RegExp(`^${source}$`);
}
