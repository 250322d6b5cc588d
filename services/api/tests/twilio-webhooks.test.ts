import { createHmac } from 'node:crypto';
import { applyDeliveryReports } from '@tollgate/shared/queues/catalog.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture, twilioAuthToken } from './api-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

// The fixture's public address is http://localhost, wherever it listens.
function sign(path: string, form: Record<string, string>): string {
  const pairs = Object.keys(form)
    .sort()
    .map((name) => name + form[name]);
  return createHmac('sha1', twilioAuthToken)
    .update(`http://localhost${path}${pairs.join('')}`)
    .digest('base64');
}

const status = (attempt: string) => `/v1/webhooks/twilio/status?attempt=${attempt}`;
const attempt = '019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e';

function post(path: string, form: Record<string, string>, signature = sign(path, form)) {
  return fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(form),
  });
}

const stored = () => api.prisma.inboxEvent.count({ where: { source: 'twilio' } });

describe('a callback of Twilio', () => {
  test('is stored sealed, as it came, handed to a job, and answered without a body', async () => {
    const answer = await post(status(attempt), {
      MessageSid: 'SM1',
      MessageStatus: 'sent',
      To: '+420777123456',
    });
    expect(answer.status).toBe(204);
    expect(await answer.text()).toBe('');
    const event = await api.prisma.inboxEvent.findFirstOrThrow({ where: { source: 'twilio' } });
    expect(Buffer.from(event.bodyEncrypted).toString()).not.toContain('420777123456');
    const jobs = await api.waiting(applyDeliveryReports);
    expect(jobs.flatMap(({ inboxIds }) => inboxIds)).toContain(event.id);
  });

  test('posted again is stored once; of another attempt or state it is another one', async () => {
    const before = await stored();
    const form = { MessageSid: 'SM2', MessageStatus: 'sent' };
    for (let copy = 0; copy < 3; copy += 1) await post(status(attempt), form);
    expect(await stored()).toBe(before + 1);
    await post(status(attempt), { ...form, MessageStatus: 'delivered' });
    await post(status('019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4f'), form);
    expect(await stored()).toBe(before + 3);
  });

  test('that somebody wrote to us comes the same way', async () => {
    const before = await stored();
    const inbound = { MessageSid: 'SM3', SmsStatus: 'received', From: '+420777123456', Body: 'STOP' };
    expect((await post('/v1/webhooks/twilio/inbound', inbound)).status).toBe(204);
    expect(await stored()).toBe(before + 1);
  });

  test.each([
    ['without a signature', ''],
    ['with the signature of another address', sign(status('another'), { MessageSid: 'SM4' })],
    ['with the signature of another form', sign(status(attempt), { MessageSid: 'SM5' })],
  ])('%s is refused and not stored', async (_, signature) => {
    const before = await stored();
    const answer = await post(status(attempt), { MessageSid: 'SM4' }, signature);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'unauthenticated' });
    expect(await stored()).toBe(before);
  });
});

test('without an auth token there are no such addresses', async () => {
  const without = await startApiFixture({ twilioAuthToken: undefined });
  try {
    const answer = await fetch(`${without.url}${status(attempt)}`, { method: 'POST' });
    expect(answer.status).toBe(404);
  } finally {
    await without.close();
  }
});
