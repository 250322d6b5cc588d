import { expect, test } from 'vitest';
import { InvoicerConfig } from './config.ts';

const environment = {
  TOLLGATE_MODE: 'live',
  DATABASE_URL: 'postgres://localhost/tollgate',
  QUEUE_URL: 'redis://localhost',
  MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
  STRIPE_SECRET_KEY: 'sk_live_1',
};

test('a meter at Stripe counts one meter of ours: a name used twice is refused, the second one named', () => {
  const config = (change: object) => InvoicerConfig.safeParse({ ...environment, ...change });
  const apart = { STRIPE_METER_SMS_SENT: 'sms', STRIPE_METER_API_REQUEST: 'requests' };
  expect(config(apart).error?.issues ?? []).toEqual([]);
  expect(config({ ...apart, STRIPE_METER_API_REQUEST: 'sms' }).error?.issues).toMatchObject([
    { path: ['STRIPE_METER_API_REQUEST'], message: expect.stringContaining('STRIPE_METER_SMS_SENT') },
  ]);
});
