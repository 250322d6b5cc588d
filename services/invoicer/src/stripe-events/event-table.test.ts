import { describe, expect, test } from 'vitest';
import { plannedTypes, planOf } from './event-table.ts';
import { readEvent } from './read-event.ts';

const event = (change: object) =>
  JSON.stringify({
    id: 'evt_1',
    type: 'invoice.paid',
    livemode: false,
    api_version: '2026-10-28.endive',
    data: { object: { id: 'in_1', object: 'invoice' } },
    ...change,
  });

test('every type has something to do or a reason why not', () => {
  for (const type of plannedTypes) {
    const plan = planOf(type);
    expect(plan.kind === 'ignored' ? plan.reason : plan.of, type).not.toBe('');
  }
  expect(planOf('treasury.something.new')).toEqual({ kind: 'ignored', reason: 'unknown type' });
});

describe('an event', () => {
  test.each([
    ['invoice.paid', { id: 'in_1' }, 'invoice', 'in_1'],
    ['invoice_payment.paid', { id: 'inpay_1', invoice: 'in_2' }, 'invoice', 'in_2'],
    ['customer.tax_id.updated', { id: 'txi_1', customer: { id: 'cus_1' } }, 'customer', 'cus_1'],
    ['payment_method.attached', { id: 'pm_1', customer: 'cus_2' }, 'payment_methods', 'cus_2'],
    ['charge.dispute.closed', { id: 'dp_1' }, 'dispute', 'dp_1'],
  ])('%s names the object that is read again', (type, object, kind, objectId) => {
    expect(readEvent(event({ type, data: { object } }), { livemode: false })).toMatchObject({
      kind: 'planned',
      plan: { kind },
      objectId,
    });
  });

  test('of a card that was detached names the customer it had', () => {
    const body = event({
      type: 'payment_method.detached',
      data: { object: { id: 'pm_1', customer: null }, previous_attributes: { customer: 'cus_1' } },
    });
    expect(readEvent(body, { livemode: false })).toMatchObject({ objectId: 'cus_1' });
  });

  test.each([
    ['of the other mode', { livemode: true }, 'live mode'],
    ['of another version of the API', { api_version: '2024-06-20' }, '2024-06-20'],
  ])('%s is not read', (_, change, detail) => {
    expect(readEvent(event(change), { livemode: false })).toMatchObject({
      kind: 'foreign',
      detail: expect.stringContaining(detail),
    });
  });
});
