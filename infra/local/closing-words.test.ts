import { expect, test } from 'vitest';
import { describeAccess, describePassword, describeVerdict } from './closing-words.ts';
import { plain } from './terminal/colours.ts';

const access = {
  operatorEmail: 'operator@tollgate.example',
  operatorPassword: 'secret',
  secretsFile: '.tollgate/secrets.json',
  tenant: 'Hotel',
  apiKey: 'tg_live_x',
};

test('the password is shown when it was made now, and else only where it is', () => {
  expect(describePassword(access)).toContain('password secret');
  expect(describePassword({ ...access, operatorPassword: null })).toBe(
    'the password was printed at the first start; it is in .tollgate/secrets.json',
  );
});

test('the command to try has address and key in it', () => {
  const words = describeAccess(
    { apiUrl: 'http://127.0.0.1:3000', simulatorUrl: 'http://127.0.0.1:3001/' },
    access,
    plain,
  ).join('\n');
  expect(words).toContain(
    `curl http://127.0.0.1:3000/v1/sms/send -H 'Authorization: Bearer tg_live_x' -H 'Content-Type: application/json'`,
  );
  expect(words).toContain('http://127.0.0.1:3000/admin/queues');
});

test('the verdict names what is wrong', () => {
  const verdict = { succeeded: false, summary: 'nothing', remarks: ['by the way'], reasons: ['because'] };
  expect(describeVerdict(verdict, plain)).toEqual(['✗ nothing', '  by the way', '  because']);
});
