import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reachesBuild } from './docker-ignore.ts';

const ours = readFileSync(join(import.meta.dirname, '../../.dockerignore'), 'utf8');

test.each([
  'package-lock.json',
  'services/api/src/main.ts',
  'packages/shared/src/credit/ledger.ts',
  'infra/containers/health/main.ts',
])('%s reaches the build', (path) => {
  expect(reachesBuild(path, ours)).toBe(true);
});

test.each([
  '.env',
  'services/api/.env.local',
  '.tollgate/secrets.json',
  '.git/config',
  'a-file-made-tomorrow.pem',
  'node_modules/pg/package.json',
  'packages/shared/node_modules/pg/package.json',
  'packages/shared/src/generated/prisma/client.ts',
  'services/api/tests/api-fixture.ts',
  'packages/shared/src/credit/ledger.test.ts',
])('%s does not', (path) => {
  expect(reachesBuild(path, ours)).toBe(false);
});
