import { createStripe } from '@tollgate/shared/stripe/stripe-client.ts';
import { createTestDatabase, type TestDatabase } from '@tollgate/shared/testing/test-database.ts';
import {
  type StripeSimulator,
  startStripeSimulator,
} from '@tollgate/simulators/stripe/start-stripe-simulator.ts';
import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCatalogue } from '../read-catalogue.ts';
import { setUpStripe } from '../set-up-stripe.ts';
import { subscribedEvents } from '../subscribed-events.ts';

const now = new Date('2026-03-10T09:00:00.000Z');
const publicUrl = 'https://gateway.example.com';

let database: TestDatabase;
let simulator: StripeSimulator;
let stripe: Stripe;

beforeEach(async () => {
  database = await createTestDatabase();
  simulator = await startStripeSimulator({ secretKey: 'sk_test_setup', now: () => now });
  stripe = createStripe({ secretKey: 'sk_test_setup', apiBase: simulator.baseUrl });
});
afterEach(async () => {
  await simulator.close();
  await database.close();
});

async function run(at = now, url = publicUrl) {
  const told: string[] = [];
  const catalogue = await readCatalogue(database.prisma, at);
  const result = await setUpStripe({ stripe, told: (line) => told.push(line) }, catalogue, {
    publicUrl: url,
    events: subscribedEvents,
  });
  return { told, ...result };
}

const writes = () =>
  Object.entries(simulator.requests())
    .filter(([endpoint]) => endpoint.startsWith('POST '))
    .flatMap(([, answers]) => Object.values(answers))
    .reduce((sum, count) => sum + count, 0);

const planPrice = async (key: string) => (await stripe.prices.list({ lookup_keys: [key], limit: 1 })).data[0];

test('makes all that is sold, and the second run changes nothing', async () => {
  const first = await run();
  expect(await planPrice('tollgate_plan_pro_monthly_czk')).toMatchObject({
    unit_amount: 79_000,
    currency: 'czk',
    recurring: { interval: 'month' },
    metadata: { plan_id: 'pro', interval: 'monthly' },
    tax_behavior: 'exclusive',
  });
  expect(await planPrice('tollgate_plan_business_yearly_eur')).toMatchObject({
    unit_amount: 79_000,
    recurring: { interval: 'year' },
  });
  expect(await planPrice('tollgate_plan_free_monthly_czk')).toBeUndefined();
  expect(await planPrice('tollgate_sms_segment_czk')).toMatchObject({ unit_amount: 150, type: 'one_time' });
  const [endpoint] = (await stripe.webhookEndpoints.list()).data;
  expect(endpoint).toMatchObject({
    url: `${publicUrl}/v1/webhooks/stripe`,
    api_version: '2026-10-28.endive',
    enabled_events: expect.arrayContaining(['checkout.session.completed', 'invoice.paid']),
  });
  expect((await stripe.billingPortal.configurations.list()).data).toHaveLength(1);
  expect(first.environment).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^STRIPE_PRICE_SMS_CZK=price_/),
      'STRIPE_METER_SMS_SENT=tollgate_sms_sent',
      expect.stringMatching(/^STRIPE_WEBHOOK_SECRET=whsec_/),
    ]),
  );
  expect(first.notes.join('\n')).toContain(`stripe listen --forward-to ${publicUrl}/v1/webhooks/stripe`);

  const written = writes();
  const second = await run();
  expect(second.told).toEqual([]);
  expect(writes()).toBe(written);
  expect(second.environment).toEqual(
    first.environment.filter((line) => !line.startsWith('STRIPE_WEBHOOK_SECRET')),
  );
});

test('an amount that changed gets a new price under the same key, and the old one is not offered any more', async () => {
  await run();
  const before = await planPrice('tollgate_plan_pro_monthly_czk');
  await database.prisma.planPrice.updateMany({
    where: { planId: 'pro', currency: 'CZK', interval: 'monthly' },
    data: { amountMicros: 890_000_000n },
  });
  const { told } = await run();
  expect(told).toEqual([
    'made price tollgate_plan_pro_monthly_czk: 89000 czk',
    'changed the portal’s configuration',
  ]);
  const after = await planPrice('tollgate_plan_pro_monthly_czk');
  expect(after).toMatchObject({ unit_amount: 89_000 });
  expect(await stripe.prices.retrieve(String(before?.id))).toMatchObject({ active: false, lookup_key: null });
  expect((await run()).told).toEqual([]);
});

test('a run that was cut off is finished by the next one', async () => {
  simulator.faults.set({
    nextWrites: Array.from(
      { length: 6 },
      () => ({ kind: 'cut', afterWriting: true, path: '/v1/prices' }) as const,
    ),
  });
  await run().catch(() => undefined);
  simulator.faults.clear();
  await run();
  expect((await run()).told).toEqual([]);
  const keys = simulator.objects.prices().map(({ lookup_key: key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

test('an address that Stripe cannot reach gets no endpoint, but the line to forward events by', async () => {
  const { environment, notes } = await run(now, 'http://localhost:3000');
  expect((await stripe.webhookEndpoints.list()).data).toEqual([]);
  expect(environment.some((line) => line.startsWith('STRIPE_WEBHOOK_SECRET'))).toBe(false);
  expect(notes.join('\n')).toContain('stripe listen --forward-to http://localhost:3000/v1/webhooks/stripe');
});
