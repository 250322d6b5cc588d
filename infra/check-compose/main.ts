import { join } from 'node:path';
import { checkCompose } from './check-compose.ts';

// npm run check:compose: see docs/containers.md.
const root = join(import.meta.dirname, '../..');
const mistakes = await checkCompose({
  root,
  composeFile: join(root, 'docker-compose.yml'),
  environmentFile: join(import.meta.dirname, 'sample.env'),
});
for (const mistake of mistakes) console.error(mistake);
if (mistakes.length === 0)
  console.log('docker-compose.yml and infra/Dockerfile fit the repository and its services.');
process.exitCode = mistakes.length === 0 ? 0 : 1;
