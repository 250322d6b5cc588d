import { join, resolve } from 'node:path';
import { resetDataFolder } from './data-folder.ts';
import { parseResetArguments, resetHelp } from './parse-arguments.ts';

// npm run reset: deletes what npm start keeps.
const parsed = parseResetArguments(process.argv.slice(2));
if (parsed.kind === 'help') {
  process.stdout.write(`${resetHelp}\n`);
} else if (parsed.kind === 'mistake') {
  process.stderr.write(`${parsed.message}\n\n${resetHelp}\n`);
  process.exitCode = 2;
} else {
  const root = resolve(parsed.data ?? join(import.meta.dirname, '../..'));
  try {
    const removed = await resetDataFolder(root, (line) => process.stdout.write(`${line}\n`));
    const folder = join(root, '.tollgate');
    process.stdout.write(
      removed
        ? `Removed ${folder} and what PostgreSQL kept for it elsewhere: messages, accounts, secrets.\n`
        : `Nothing to remove: there is no ${folder}.\n`,
    );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
