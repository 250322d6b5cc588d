import { isTerminal, messageStates } from '../messages/states.ts';
import { type Check, quotedList } from './check.ts';

const terminalStates = quotedList(messageStates.filter(isTerminal));

// Every attempt that was refused, denied or given up as unresolved has a code. Such a one allowed another knowingly;
// should a report prove later that it was accepted, that was not our doing.
const acceptedUnrefused = `a.outcome = 'accepted' AND a.failure_code IS NULL`;

/** Messages, their hand-overs and what they cost. */
export const messageChecks: readonly Check[] = [
  {
    name: 'messages-have-a-way-forward',
    statement:
      'Every message has ended, will be looked at again, or stays sent because no receipt came in time.',
    // An open attempt is no way forward by itself: nobody asks the provider about a row that is never woken.
    sql: `
      SELECT id::text AS subject, tenant_id, CASE WHEN state IN (${quotedList(messageStates)})
             THEN format('expected wake_at to be set in state %s, found none', state)
             ELSE format('expected a known state, found %s', state) END AS detail
      FROM messages
      WHERE state NOT IN (${quotedList(messageStates)})
         OR (state NOT IN (${terminalStates}) AND wake_at IS NULL
             AND NOT (state = 'sent' AND (report_deadline <= (SELECT instant FROM as_of)
                                          OR failure_code IS NOT DISTINCT FROM 'no_receipt')))`,
  },
  {
    name: 'hand-overs-are-numbered',
    statement:
      'The attempts of a message are numbered 1 to its attempt count, and at most one was accepted without having been refused, denied or given up before.',
    sql: `
      SELECT m.id::text AS subject, m.tenant_id,
             format('expected attempts 1 to %s with at most one accepted, found %s from %s to %s with %s accepted',
                    m.attempt_count, count(a.id), min(a.number), max(a.number),
                    count(*) FILTER (WHERE ${acceptedUnrefused})) AS detail
      FROM messages m
      LEFT JOIN message_attempts a ON a.message_id = m.id
      GROUP BY m.id
      HAVING count(a.id) <> m.attempt_count OR min(a.number) <> 1 OR max(a.number) <> m.attempt_count
          OR count(*) FILTER (WHERE ${acceptedUnrefused}) > 1`,
  },
  {
    name: 'messages-are-charged-once',
    statement:
      'A message is charged at most once, given back at most once, charged again at most once, and a rejected one keeps no charge.',
    sql: `
      SELECT e.message_id::text AS subject, e.tenant_id,
             format('expected %s, found %s charges, %s refunds and %s reversals', CASE WHEN m.state = 'rejected'
                    THEN 'no charge left of a rejected message' ELSE 'at most one charge, and no refund without it' END,
                    e.charges, e.refunds, e.reversals) AS detail
      FROM (SELECT message_id, tenant_id, count(*) FILTER (WHERE kind = 'sms_send') AS charges,
                   count(*) FILTER (WHERE kind = 'refund') AS refunds,
                   count(*) FILTER (WHERE kind = 'refund_reversal') AS reversals
            FROM ledger_entries WHERE kind IN ('sms_send', 'refund', 'refund_reversal') GROUP BY message_id, tenant_id) e
      LEFT JOIN messages m ON m.id = e.message_id
      WHERE e.charges > 1 OR e.refunds > e.charges OR e.reversals > e.refunds
         OR (m.state = 'rejected' AND e.charges + e.reversals > e.refunds)`,
  },
  {
    name: 'delivered-messages-are-charged',
    statement: 'Every delivered message of a live key was charged what was quoted when it was accepted.',
    sql: `
      SELECT m.id::text AS subject, m.tenant_id,
             format('expected a charge of %s micros %s, found %s', m.price_micros, m.currency, coalesce(e.micros, 0)) AS detail
      FROM messages m
      LEFT JOIN (SELECT message_id, tenant_id, currency, -sum(amount_micros) AS micros
                 FROM ledger_entries WHERE kind IN ('sms_send', 'refund', 'refund_reversal')
                 GROUP BY message_id, tenant_id, currency) e
        ON e.message_id = m.id AND e.tenant_id = m.tenant_id AND e.currency = m.currency
      WHERE m.state = 'delivered' AND m.mode = 'live' AND e.micros IS DISTINCT FROM m.price_micros`,
  },
  {
    name: 'ended-messages-hold-no-credit',
    statement: 'A message that has ended, or stays sent for good, holds no credit.',
    sql: `
      SELECT m.id::text AS subject, m.tenant_id,
             format('expected no open reservation in state %s, found %s micros %s', m.state, r.amount_micros, r.currency) AS detail
      FROM credit_reservations r
      JOIN messages m ON m.id = r.message_id
      WHERE r.state = 'open' AND (m.state IN (${terminalStates}) OR (m.state = 'sent' AND m.wake_at IS NULL))`,
  },
  {
    name: 'test-messages-cost-nothing',
    statement: 'A message of a test key touches no account.',
    sql: `
      SELECT m.id::text AS subject, m.tenant_id,
             format('expected no entries and no reservation, found %s and %s', touched.entries, touched.reservations) AS detail
      FROM messages m
      CROSS JOIN LATERAL (
        SELECT (SELECT count(*) FROM ledger_entries e WHERE e.message_id = m.id) AS entries,
               (SELECT count(*) FROM credit_reservations r WHERE r.message_id = m.id) AS reservations) touched
      WHERE m.mode = 'test' AND touched.entries + touched.reservations > 0`,
  },
];
