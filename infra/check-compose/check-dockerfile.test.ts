import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkDockerfile } from './check-dockerfile.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'check-dockerfile-'));
  write('package-lock.json', JSON.stringify({ packages: { 'node_modules/node': { version: '24.1.0' } } }));
  write('.dockerignore', '*\n!services\n!packages\n**/secrets\n');
  write('services/api/package.json', '{}');
  write('services/api/secrets', 'x');
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

const check = (...lines: string[]) => {
  write('Dockerfile', ['ARG NODE_VERSION=24.1.0', 'FROM node:24 AS base', ...lines].join('\n'));
  return checkDockerfile(root, 'Dockerfile', ['base']);
};
const manifest = 'COPY services/api/package.json services/api/package.json';

test('a Dockerfile that copies what is there is right', () => {
  expect(check(manifest, '# a comment', 'FROM base AS later', 'COPY --from=base /app ./')).toEqual([]);
});

test('what is copied must exist and reach the build', () => {
  expect(check(manifest, 'COPY services/web services/web', 'COPY services/api/secrets .')).toEqual([
    'Dockerfile: base copies services/web, which does not exist',
    'Dockerfile: base copies services/api/secrets, which .dockerignore keeps out',
  ]);
});

test('a stage copies only from stages before it', () => {
  expect(check(manifest, 'COPY --from=later /app ./', 'FROM base AS later')).toEqual([
    'Dockerfile: base copies from a stage "later" that is not before it',
  ]);
});

test('a new workspace must not be forgotten', () => {
  cpSync(join(root, 'services/api'), join(root, 'packages/new'), { recursive: true });
  expect(check(manifest)).toEqual(['Dockerfile: packages/new/package.json is not copied']);
});

test('the image runs the Node.js of the lockfile', () => {
  write('package-lock.json', JSON.stringify({ packages: { 'node_modules/node': { version: '24.2.0' } } }));
  expect(check(manifest)).toEqual([
    'Dockerfile: NODE_VERSION is 24.1.0, but package-lock.json brings 24.2.0',
  ]);
});
