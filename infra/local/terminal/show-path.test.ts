import { expect, test } from 'vitest';
import { showPath } from './show-path.ts';

test('what is below the folder is short, all else is told in full', () => {
  expect(showPath('/srv/tollgate', '/srv/tollgate/.tollgate/secrets.json')).toBe('.tollgate/secrets.json');
  expect(showPath('/srv/tollgate', '/tmp/secrets.json')).toBe('/tmp/secrets.json');
});
