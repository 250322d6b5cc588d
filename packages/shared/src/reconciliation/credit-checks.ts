import type { Check } from './check.ts';

/** Accounts and their ledger. */
export const creditChecks: readonly Check[] = [
  {
    name: 'balance-is-the-sum-of-entries',
    statement: 'The balance of an account is the sum of its ledger entries.',
    sql: `
      SELECT concat_ws(' ', tenant_id, currency) AS subject, tenant_id,
             format('expected a balance of %s micros, found %s', coalesce(e.total, 0),
                    coalesce(a.balance_micros::text, 'no account')) AS detail
      FROM accounts a
      FULL JOIN (SELECT tenant_id, currency, sum(amount_micros) AS total FROM ledger_entries GROUP BY tenant_id, currency) e
        USING (tenant_id, currency)
      WHERE a.balance_micros IS DISTINCT FROM coalesce(e.total, 0)`,
  },
  {
    name: 'entries-form-a-chain',
    statement:
      'The entries of an account are numbered without a gap, and each begins with the balance the last one left.',
    sql: `
      SELECT id::text AS subject, tenant_id,
             format('expected entry %s to begin with %s micros, found entry %s beginning with %s', expected_sequence,
                    expected_before, sequence, balance_before_micros) AS detail
      FROM (SELECT id, tenant_id, sequence, balance_before_micros,
                   coalesce(lag(sequence) OVER chain, 0) + 1 AS expected_sequence,
                   coalesce(lag(balance_after_micros) OVER chain, 0) AS expected_before
            FROM ledger_entries
            WINDOW chain AS (PARTITION BY tenant_id, currency ORDER BY sequence)) e
      WHERE sequence <> expected_sequence OR balance_before_micros <> expected_before
      UNION ALL
      SELECT concat_ws(' ', tenant_id, currency), tenant_id,
             format('expected %s entries, found %s', a.entry_count, coalesce(e.count, 0))
      FROM accounts a
      LEFT JOIN (SELECT tenant_id, currency, count(*) AS count FROM ledger_entries GROUP BY tenant_id, currency) e
        USING (tenant_id, currency)
      WHERE a.entry_count <> coalesce(e.count, 0)`,
  },
  {
    name: 'reserved-is-the-sum-of-open-reservations',
    statement: 'What an account has reserved is the sum of its open reservations.',
    sql: `
      SELECT concat_ws(' ', tenant_id, currency) AS subject, tenant_id,
             format('expected %s micros reserved, found %s', coalesce(r.total, 0),
                    coalesce(a.reserved_micros::text, 'no account')) AS detail
      FROM accounts a
      FULL JOIN (SELECT tenant_id, currency, sum(amount_micros) AS total FROM credit_reservations
                 WHERE state = 'open' GROUP BY tenant_id, currency) r
        USING (tenant_id, currency)
      WHERE a.reserved_micros IS DISTINCT FROM coalesce(r.total, 0)`,
  },
];
