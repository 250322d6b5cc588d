import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkCompose } from './check-compose.ts';

const root = join(import.meta.dirname, '../..');
const environmentFile = join(import.meta.dirname, 'sample.env');
const ours = readFileSync(join(root, 'docker-compose.yml'), 'utf8');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-compose-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is found after the edit; the edit must change something. */
async function findAfter(from: string | RegExp, to: string): Promise<string> {
  const edited = ours.replace(from, to);
  expect(edited).not.toBe(ours);
  const composeFile = join(folder, 'docker-compose.yml');
  writeFileSync(composeFile, edited);
  return (await checkCompose({ root, composeFile, environmentFile })).join('\n');
}

test('our files fit each other, the repository and the services', async () => {
  const composeFile = join(root, 'docker-compose.yml');
  expect(await checkCompose({ root, composeFile, environmentFile })).toEqual([]);
});

test.each([
  [
    'a misspelt key',
    'stop_grace_period: 35s',
    'stop_grace_periode: 35s',
    'Unrecognized key: "stop_grace_periode"',
  ],
  ['an image without a version', 'redis:8.2-bookworm', 'redis', 'must name a version'],
  ['a port for everybody', /'127[^']*:3000'/, "'3000:3000'", 'must be published on 127.0.0.1'],
  ['a container that may write', 'read_only: true', 'read_only: false', 'read_only'],
  [
    'a program that is not there',
    'invoicer/src/main.ts]',
    'invoice/src/main.ts]',
    'invoicer: services/invoice/src/main.ts',
  ],
  [
    'a file that is not there',
    './infra/redis.conf:',
    './infra/redis.config:',
    './infra/redis.config does not exist',
  ],
  ['a stage that is not there', 'target: migrate', 'target: migration', 'has no stage "migration"'],
  ['a volume that is not declared', "['postgres:/", "['data:/", 'volume "data" is not declared'],
  ['a service that is not there', 'redis: { condition', 'valkey: { condition', 'depends on "valkey"'],
  [
    'a variable that the service does not know',
    'MAIL_FROM: ',
    'MAIL_SENDER: ',
    'notifier: does not know MAIL_SENDER',
  ],
  [
    'a variable that the service misses',
    /\n.*STRIPE_SECRET_KEY: \$\{STRIPE_SECRET_KEY:\?.*/,
    '',
    'STRIPE_SECRET_KEY: is missing',
  ],
  ['a value that the service refuses', "HEALTH_PORT: '8080'", "HEALTH_PORT: 'http'", 'HEALTH_PORT'],
  [
    'a secret that nobody is asked for',
    'MAIL_FROM: ${MAIL_FROM',
    'MAIL_FROM: ${SENDER',
    'does not set SENDER',
  ],
])('%s is found', async (_, from, to, mistake) => {
  expect(await findAfter(from, to)).toContain(mistake);
});
