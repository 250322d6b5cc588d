import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dataFolders } from '../postgres-home.ts';

export type TemporaryRoot = {
  /** A project folder as an ordinary checkout is: others may enter it. */
  path: string;
  /** Its data folder, not yet made. */
  dataRoot: string;
  [Symbol.dispose](): void;
};

/** A folder that goes, with what PostgreSQL keeps for it outside, at the end of the block. */
export function temporaryRoot(mode = 0o755): TemporaryRoot {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'tollgate-local-')));
  chmodSync(path, mode);
  const dataRoot = join(path, '.tollgate');
  return {
    path,
    dataRoot,
    [Symbol.dispose]() {
      rmSync(dirname(dataFolders(dataRoot).outside), { recursive: true, force: true });
      rmSync(path, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
