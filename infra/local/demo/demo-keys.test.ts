import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryRoot } from '../testing/temporary-root.ts';
import { readDemoKeys, writeDemoKeys } from './demo-keys.ts';

test('keys are kept for their owner only', () => {
  using root = temporaryRoot();
  const file = join(root.path, 'demo.json');
  writeDemoKeys(file, { tenant: 'tg_live_x' });
  expect(readDemoKeys(file)).toEqual({ tenant: 'tg_live_x' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a missing or damaged file has no keys', () => {
  using root = temporaryRoot();
  const file = join(root.path, 'demo.json');
  expect(readDemoKeys(file)).toEqual({});
  writeFileSync(file, '{"apiKeys": 1}');
  expect(readDemoKeys(file)).toEqual({});
});
