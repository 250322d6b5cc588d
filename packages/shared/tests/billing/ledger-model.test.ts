import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCreditNote } from '../../src/billing/create-credit-note.ts';
import { sumUnsettled } from '../../src/billing/invoices.ts';
import { reopenInvoice } from '../../src/billing/reopen-invoice.ts';
import { settleInvoice } from '../../src/billing/settle-invoice.ts';
import { voidInvoice } from '../../src/billing/void-invoice.ts';
import { recordPurchase } from '../../src/credit/record-purchase.ts';
import { newId } from '../../src/ids/ids.ts';
import { roundToMinorUnits } from '../../src/money/round-to-minor-units.ts';
import { DAY_MS } from '../../src/time/durations.ts';
import { type BillingFixture, startBillingFixture } from './billing-fixture.ts';

let billing: BillingFixture;

beforeAll(async () => {
  billing = await startBillingFixture();
});
afterAll(() => billing.close());

/** An account and its invoices as one would keep them on paper. `open` is used and on no invoice that stands. */
class Model {
  balance = 0n;
  open = 0n;
  carried = 0n;
  invoices: {
    id: string;
    used: bigint;
    took: bigint;
    settles: bigint;
    credited: bigint;
    state: string;
    given: bigint;
  }[] = [];
  get unsettled() {
    return this.invoices
      .filter(({ state }) => state === 'issued' || state === 'disputed')
      .reduce((sum, { settles, credited }) => sum + settles - credited, 0n);
  }
  /** What the next invoice asks for: the debt that nobody asks for yet, but never more than was used. */
  get owed() {
    const debt = -this.balance - this.unsettled;
    const used = this.open + this.carried;
    return debt < 0n || used < 0n ? 0n : debt < used ? debt : used;
  }
}

const micros = fc.bigInt({ min: 1n, max: 40_000n }).map((amount) => amount * 250n);
const pick = fc.nat({ max: 20 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('use' as const), amount: micros }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('buy' as const), amount: micros }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('close' as const), amount: micros }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('pay' as const, 'void' as const, 'dispute' as const, 'credit' as const),
      amount: micros,
      which: pick,
    }),
  },
);

test('accounts and invoices agree with a paper ledger, whatever happens in whatever order', {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 24 }), async (steps) => {
      const tenantId = await billing.tenant({ cadence: 'daily' });
      const model = new Model();
      for (const each of steps) {
        await take(tenantId, model, each);
        const unsettled = await sumUnsettled(billing.prisma, tenantId, 'CZK');
        expect([await billing.balance(tenantId), unsettled]).toEqual([model.balance, model.unsettled]);
      }
      await billing.expectCorrectBooks();
      await billing.retire();
    }),
    { numRuns: 50, seed: 77, endOnFailure: true },
  );
});

type Step = { kind: string; amount: bigint; which?: number };

async function take(tenantId: string, model: Model, { kind, amount, which = 0 }: Step): Promise<void> {
  const { clock, prisma, transact } = billing;
  const at = clock.now();
  const invoice = model.invoices[which % Math.max(model.invoices.length, 1)];
  switch (kind) {
    case 'use':
      await billing.use(tenantId, amount);
      model.balance -= amount;
      model.open += amount;
      return;
    case 'buy': {
      const purchase = {
        tenantId,
        currency: 'CZK',
        amountMicros: amount,
        reference: newId(),
        description: '',
      };
      await prisma.$transaction((db) => recordPurchase(db, { ...purchase, createdBy: 'test' }, at));
      model.balance += amount;
      return;
    }
    case 'close': {
      clock.advance(DAY_MS);
      const owed = model.owed;
      const isAsked = roundToMinorUnits(owed, 'CZK') > 0n;
      const [outcome] = await billing.closeDue(tenantId);
      expect(outcome).toBe(model.open > 0n ? 'billed' : 'empty');
      if (model.open === 0n) return;
      const made = (await billing.invoices(tenantId)).filter(({ kind }) => kind === 'usage').at(-1);
      expect(made).toMatchObject({ usageMicros: model.open, settlesMicros: isAsked ? owed : 0n });
      const carriedBefore = model.carried;
      model.carried = isAsked ? 0n : owed;
      model.invoices.push({
        id: made?.id as string,
        used: model.open,
        took: model.carried - carriedBefore,
        settles: isAsked ? owed : 0n,
        credited: 0n,
        state: isAsked ? 'issued' : 'statement',
        given: 0n,
      });
      model.open = 0n;
      return;
    }
    case 'pay': {
      const payment = { method: 'cash' as const, description: 'Cash', createdBy: 'test' };
      const isPayable = invoice?.state === 'issued' || invoice?.state === 'disputed';
      const invoiceId = invoice?.id ?? newId();
      const done = await prisma.$transaction((db) =>
        settleInvoice(db, { invoiceId, paidAt: at, ...payment }),
      );
      expect(done).toBe(isPayable);
      if (!invoice || !isPayable) return;
      invoice.given = invoice.settles - invoice.credited;
      invoice.state = 'paid';
      model.balance += invoice.given;
      return;
    }
    case 'dispute': {
      if (!invoice) return;
      const cause = { kind: 'dispute' as const, reference: newId(), description: 'Dispute' };
      const done = await prisma.$transaction((db) =>
        reopenInvoice(db, { invoiceId: invoice.id, at, ...cause }),
      );
      expect(done).toBe(invoice.state === 'paid');
      if (!done) return;
      invoice.state = 'disputed';
      model.balance -= invoice.given;
      return;
    }
    case 'credit': {
      if (!invoice || invoice.state === 'statement' || invoice.state === 'void') return;
      const left = invoice.settles - invoice.credited;
      const amountMicros = amount < left ? amount : left;
      if (roundToMinorUnits(amountMicros, 'CZK') === 0n) return;
      const input = { invoiceId: invoice.id, amountMicros, reason: 'test', by: 'test' };
      const note = await transact((tx) => createCreditNote(tx, input, at)).catch(
        (error: Error) => error.name,
      );
      // Rounded to the heller, all may be credited before the last micros are.
      if (note === 'CreditAmountError') return;
      invoice.credited += amountMicros;
      model.balance += amountMicros;
      const { state } = await prisma.invoice.findUniqueOrThrow({ where: { id: invoice.id } });
      if (state === 'paid' && invoice.state !== 'paid') {
        invoice.given = invoice.settles - invoice.credited;
        invoice.state = 'paid';
        model.balance += invoice.given;
      }
      return;
    }
    case 'void': {
      if (!invoice || invoice.state === 'void') return;
      const input = { invoiceId: invoice.id, by: 'test', reason: 'test' };
      const done = await transact((tx) => voidInvoice(tx, input, at)).then(
        () => true,
        () => false,
      );
      if (!done) return;
      invoice.state = 'void';
      model.open += invoice.used;
      model.carried -= invoice.took;
      return;
    }
  }
}
