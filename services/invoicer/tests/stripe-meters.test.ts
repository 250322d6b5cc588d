import { DAY_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decideMeter } from '../src/collect-invoice/meters/decide-meter.ts';
import { tellMeters } from '../src/collect-invoice/meters/tell-meters.ts';
import { type StripeFixture, startStripeFixture } from './stripe-fixture.ts';

let fixture: StripeFixture;
let meterId: string;

const collectSettings = { taxMode: 'none', smsPrices: {}, meters: { sms_sent: 'sms_segments' } } as const;

beforeAll(async () => {
  fixture = await startStripeFixture();
  const meter = await fixture.stripe.billing.meters.create({
    display_name: 'SMS segments',
    event_name: 'sms_segments',
    default_aggregation: { formula: 'sum' },
    customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
    value_settings: { event_payload_key: 'value' },
  });
  meterId = meter.id;
});
afterAll(() => fixture.close());

const deps = (change = {}) => ({ ...fixture.deps, collectSettings, ...change });

async function toldTo(customer: string): Promise<number> {
  const day = 24 * 60 * 60;
  const end = (Math.floor(fixture.clock.now().getTime() / 1_000 / day) + 1) * day;
  const summaries = await fixture.stripe.billing.meters.listEventSummaries(meterId, {
    customer,
    start_time: end - 40 * day,
    end_time: end,
  });
  return summaries.data.reduce((sum, { aggregated_value }) => sum + aggregated_value, 0);
}

/** Used today; the day is closed. */
async function used(messages = 7) {
  const billed = await fixture.billedTenant({ collection: 'stripe_meter', messages });
  fixture.clock.advance(DAY_MS);
  return billed;
}

describe('usage of closed days', () => {
  test('is told once, however often it is asked for', async () => {
    const { customer, tenantId } = await used();
    expect(await tellMeters(deps(), { tenantId })).toBe(1);
    expect(await tellMeters(deps(), { tenantId })).toBe(0);
    expect(await toldTo(customer)).toBe(7);
  });

  test.each(['before', 'after'] as const)('is told once when the process dies %s the call', async (when) => {
    const { customer, tenantId } = await used();
    await tellMeters(deps({ stripe: fixture.dyingStripe(1, when) }), { tenantId });
    await tellMeters(deps(), { tenantId });
    expect(await toldTo(customer)).toBe(7);
    expect(await fixture.prisma.meterPush.findMany({ where: { tenantId } })).toMatchObject([
      { state: 'confirmed' },
    ]);
  });

  test('of which nobody knows for a day whether it was told is not told again, and operators hear of it', async () => {
    const { customer, tenantId } = await used();
    await tellMeters(deps({ stripe: fixture.dyingStripe(1, 'after') }), { tenantId });
    fixture.clock.advance(2 * DAY_MS);
    await tellMeters(deps(), { tenantId });
    expect(await toldTo(customer)).toBe(7);
    expect(await fixture.alerts()).toContainEqual(
      expect.objectContaining({ kind: 'stripe_meter_push_stopped', tenantId }),
    );
  });
});

describe('a meter is billed one way only', () => {
  test.each([
    [
      { isBilledByUs: true, isBilledByStripe: true, isMeantToBill: false },
      { tell: false, alert: 'meter_billed_twice' },
    ],
    [
      { isBilledByUs: true, isBilledByStripe: false, isMeantToBill: false },
      { tell: true, alert: null },
    ],
    [
      { isBilledByUs: false, isBilledByStripe: true, isMeantToBill: true },
      { tell: true, alert: null },
    ],
    [
      { isBilledByUs: false, isBilledByStripe: false, isMeantToBill: true },
      { tell: true, alert: 'meter_billed_nowhere' },
    ],
  ])('%o', (facts, decision) => {
    expect(decideMeter(facts)).toEqual(decision);
  });
});
