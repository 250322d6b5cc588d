import { newId } from '../../src/ids/ids.ts';
import { lookedAt } from './correct-books.ts';
import { accountOf, type Fault, slipInEntry, slipInUsage } from './fault.ts';

const lastEntry = 'WHERE sequence = (SELECT max(sequence) FROM ledger_entries) RETURNING id';

export const creditFaults: readonly Fault[] = [
  {
    check: 'balance-is-the-sum-of-entries',
    what: 'a balance that is a millionth off',
    async make(books) {
      await books.corrupt('UPDATE accounts SET balance_micros = balance_micros + 1');
      return accountOf(books);
    },
  },
  {
    check: 'entries-form-a-chain',
    what: 'an account that counts more entries than there are',
    async make(books) {
      await books.corrupt('UPDATE accounts SET entry_count = entry_count + 1');
      return accountOf(books);
    },
  },
  {
    check: 'entries-form-a-chain',
    what: 'a gap in the numbers',
    make: ({ corrupt }) => corrupt(`UPDATE ledger_entries SET sequence = sequence + 1 ${lastEntry}`),
  },
  {
    check: 'entries-form-a-chain',
    what: 'an entry that begins with another balance than the last one left',
    make: ({ corrupt }) =>
      corrupt(`UPDATE ledger_entries SET balance_before_micros = balance_before_micros + 1,
                                         balance_after_micros = balance_after_micros + 1 ${lastEntry}`),
  },
  {
    check: 'reserved-is-the-sum-of-open-reservations',
    what: 'credit that is held for nothing',
    async make(books) {
      await books.corrupt('UPDATE accounts SET reserved_micros = reserved_micros + 1');
      return accountOf(books);
    },
  },
  {
    check: 'charges-are-metered-once',
    what: 'a charge that was never metered',
    async make(books) {
      const messageId = newId();
      await slipInEntry(books, { kind: 'sms_send', amountMicros: -1n, messageId });
      return messageId;
    },
  },
  {
    check: 'charges-are-metered-once',
    what: 'a refund whose usage was not taken back',
    async make(books) {
      const messageId = books.messages.sentForGood;
      await slipInEntry(books, { kind: 'refund', amountMicros: 1_500_000n, messageId });
      return `${messageId} refund`;
    },
  },
];

export const usageFaults: readonly Fault[] = [
  {
    check: 'charges-are-metered-once',
    what: 'usage that nobody was charged for',
    async make(books) {
      await slipInUsage(books, { sourceId: 'nobody', amountMicros: 1n });
      return 'nobody';
    },
  },
  {
    check: 'usage-is-rolled-up',
    what: 'an event that the aggregator forgot',
    make: ({ corrupt, tenant }) =>
      corrupt(
        `INSERT INTO usage_events (id, tenant_id, meter, source_id, quantity, currency, unit_price_micros,
                                   amount_micros, occurred_at, recorded_at)
         VALUES ($1, $2, 'api_request', 'a', 1, 'CZK', 1, 1, $3, $3::timestamptz - interval '61 minutes')
         RETURNING id`,
        [newId(), tenant.id, lookedAt],
      ),
  },
  ...['event_count', 'quantity'].map(
    (column) =>
      ({
        check: 'roll-ups-are-sums-of-events',
        what: `a roll-up whose ${column} is one too many`,
        make: ({ corrupt }) => corrupt(`UPDATE usage_rollups SET ${column} = ${column} + 1 RETURNING id`),
      }) satisfies Fault,
  ),
  {
    check: 'roll-ups-are-sums-of-events',
    what: 'an event in the roll-up of another price',
    make: ({ corrupt }) => corrupt('UPDATE usage_rollups SET unit_price_micros = 7 RETURNING id'),
  },
];
