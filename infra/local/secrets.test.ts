import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadOrCreateSecrets } from './secrets.ts';
import { temporaryRoot } from './testing/temporary-root.ts';

test('secrets are made once, readable by the owner only, and stay the same', () => {
  using root = temporaryRoot();
  const file = join(root.path, 'secrets.json');
  const first = loadOrCreateSecrets(file);
  const second = loadOrCreateSecrets(file);
  expect([first.created, second.created]).toEqual([true, false]);
  expect(second.secrets).toEqual(first.secrets);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(root.path)).toEqual(['secrets.json']);
});

test('the master key is 32 bytes, and no two secrets are alike', () => {
  using root = temporaryRoot();
  const { secrets } = loadOrCreateSecrets(join(root.path, 'secrets.json'));
  expect(Buffer.from(secrets.masterKey, 'base64')).toHaveLength(32);
  expect(new Set(Object.values(secrets)).size).toBe(12);
  expect(secrets.stripeSecretKey).toMatch(/^sk_test_.{24}$/);
  expect(secrets.stripeWebhookSecret).toMatch(/^whsec_.{24}$/);
});

test('two folders have different secrets', () => {
  using one = temporaryRoot();
  using two = temporaryRoot();
  const [first, second] = [one, two].map(
    ({ path }) => loadOrCreateSecrets(join(path, 'secrets.json')).secrets,
  );
  expect(first?.masterKey).not.toBe(second?.masterKey);
});

test('a file of an older version gets what it lacks and keeps the rest, of a newer version too', () => {
  using root = temporaryRoot();
  const file = join(root.path, 'secrets.json');
  const { cronSecret, ...older } = loadOrCreateSecrets(file).secrets;
  writeFileSync(file, JSON.stringify({ ...older, ofTheFuture: 'kept' }));
  const { secrets, created } = loadOrCreateSecrets(file);
  expect(created).toBe(false);
  expect(secrets).toMatchObject(older);
  expect(secrets.cronSecret).not.toBe(cronSecret);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ ...secrets, ofTheFuture: 'kept' });
});

test('a file that others can read is closed to them', () => {
  using root = temporaryRoot();
  const file = join(root.path, 'secrets.json');
  loadOrCreateSecrets(file);
  chmodSync(file, 0o644);
  loadOrCreateSecrets(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test.each([
  ['cut short', '{"masterKey": "c2VjcmV0'],
  ['not an object', '[]'],
  ['with a master key of the wrong length', '{"masterKey": "c2VjcmV0"}'],
  ['with an empty secret', '{"cronSecret": ""}'],
])('a file %s is refused, kept as it is and not quoted', (_name, content) => {
  using root = temporaryRoot();
  const file = join(root.path, 'secrets.json');
  writeFileSync(file, content);
  let message = '';
  try {
    loadOrCreateSecrets(file);
  } catch (error) {
    message = String(error);
  }
  expect(message).toMatch(/secrets in .*secrets\.json/);
  expect(message).toContain('npm run reset');
  expect(message).not.toContain('c2VjcmV0');
  expect(readFileSync(file, 'utf8')).toBe(content);
});
