import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const StoredKeys = z.object({ apiKeys: z.record(z.string(), z.string()) });

/** The demo tenants' API keys by tenant id. */
export type DemoKeys = Record<string, string>;

/**
 * The keys kept in `file`; none when it is missing or damaged, because a key can be made anew. They are kept at all
 * because the database has only their hashes.
 */
export function readDemoKeys(file: string): DemoKeys {
  try {
    return StoredKeys.parse(JSON.parse(readFileSync(file, 'utf8'))).apiKeys;
  } catch {
    return {};
  }
}

/** Keeps the keys, readable by the owner only. */
export function writeDemoKeys(file: string, apiKeys: DemoKeys): void {
  writeFileSync(`${file}.new`, `${JSON.stringify({ apiKeys }, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
