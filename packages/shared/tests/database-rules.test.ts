import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/ids/ids.ts';
import { canMove, isTerminal, type MessageState, messageStates } from '../src/messages/states.ts';
import { buildMessage } from '../src/testing/build-message.ts';
import { buildTenant, type TestTenant, testNow } from '../src/testing/build-tenant.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';

const database = await createTestDatabase();
const { prisma } = database;
const owner = new pg.Client({ connectionString: database.ownerUrl });
await owner.connect();
afterAll(async () => {
  await owner.end();
  await database.close();
});

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await buildTenant(prisma, { balanceMicros: 100n });
});

type Statement = [sql: string, values?: unknown[] | undefined];

/** What PostgreSQL says to the owner, who may do most: "accepted", or SQLSTATE and constraint of its refusal. */
async function verdict(...statements: Statement[]): Promise<string> {
  await owner.query('BEGIN');
  try {
    for (const [sql, values] of statements) await owner.query(sql, values);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return [error.code, error.constraint].filter((part) => part !== undefined).join(' ');
  } finally {
    await owner.query('ROLLBACK');
  }
}

const setAccount = (assignments: string): Statement => [
  `UPDATE accounts SET ${assignments} WHERE tenant_id = $1`,
  [tenant.id],
];

function appendEntry(
  kind: string,
  amount: bigint,
  messageId: string | null = null,
  sequence = 2n,
): Statement {
  return [
    `INSERT INTO ledger_entries (id, tenant_id, currency, sequence, kind, amount_micros, balance_before_micros,
                                 balance_after_micros, message_id, created_by, occurred_at)
     VALUES ($1, $2, 'CZK', $3, $4, $5, 100, 100 + $5::bigint, $6, 'test', now())`,
    [newId(), tenant.id, sequence, kind, amount, messageId],
  ];
}

describe('the ledger', () => {
  test('is append-only, for its owner too', async () => {
    expect(await verdict(appendEntry('bonus', 1n))).toBe('accepted');
    expect(await verdict(["UPDATE ledger_entries SET description = 'edited'"])).toBe('23001');
    expect(await verdict(['DELETE FROM ledger_entries'])).toBe('23001');
  });

  test('refuses an entry whose balances do not add up, of an unknown kind, or without its message', async () => {
    expect(await verdict(appendEntry('sms_send', -1n))).toBe('23514 ledger_entries_message');
    expect(await verdict(appendEntry('gift', 1n))).toBe('23514 ledger_entries_kind');
    const [sql, values] = appendEntry('bonus', 1n);
    expect(await verdict([sql.replace('100 + $5', '101 + $5'), values])).toBe('23514 ledger_entries_balance');
  });

  test('knows means of payment only of what stands for money', async () => {
    const paidBy = (method: string, kind: string) => {
      const [sql, values] = appendEntry(kind, 1n);
      const named = sql
        .replace('created_by,', 'created_by, payment_method,')
        .replace("'test',", `'test', '${method}',`);
      return verdict([named, values]);
    };
    expect(await paidBy('cash', 'purchase')).toBe('accepted');
    expect(await paidBy('barter', 'purchase')).toBe('23514 ledger_entries_payment_method');
    expect(await paidBy('cash', 'bonus')).toBe('23514 ledger_entries_payment_method');
  });

  test('takes one charge and one refund per message, and each place in an account once', async () => {
    const messageId = newId();
    const charge = appendEntry('sms_send', -1n, messageId, 2n);
    const refund = appendEntry('refund', 1n, messageId, 3n);
    expect(await verdict(charge, refund)).toBe('accepted');
    expect(await verdict(charge, appendEntry('sms_send', -1n, messageId, 3n))).toBe(
      '23505 ledger_entries_one_charge_per_message',
    );
    expect(await verdict(refund, appendEntry('refund', 1n, messageId, 4n))).toBe(
      '23505 ledger_entries_one_refund_per_message',
    );
    expect(await verdict(charge, appendEntry('bonus', 1n, null, 2n))).toBe(
      '23505 ledger_entries_tenant_id_currency_sequence_key',
    );
  });

  test('refuses an operator the debit of what is not available, but not a dispute', async () => {
    expect(await verdict(appendEntry('adjustment', -100n))).toBe('accepted');
    expect(await verdict(appendEntry('adjustment', -101n))).toBe('23514 ledger_entries_available');
    expect(await verdict(appendEntry('dispute', -101n))).toBe('accepted');
    expect(await verdict(setAccount('reserved_micros = 60'), appendEntry('adjustment', -41n))).toBe(
      '23514 ledger_entries_available',
    );
    expect(await verdict(setAccount('credit_limit_micros = 1'), appendEntry('adjustment', -101n))).toBe(
      'accepted',
    );
  });
});

describe('an account', () => {
  test('never reserves less than nothing', async () => {
    expect(await verdict(setAccount('reserved_micros = -1'))).toBe('23514 accounts_reserved');
  });

  test('reserves what is available and not a millionth more', async () => {
    expect(await verdict(setAccount('reserved_micros = 100'))).toBe('accepted');
    expect(await verdict(setAccount('reserved_micros = 101'))).toBe('23514 accounts_available');
    expect(await verdict(setAccount('credit_limit_micros = 1, reserved_micros = 101'))).toBe('accepted');
  });

  test('may go below what is reserved for other reasons, which blocks new reservations only', async () => {
    const dispute = setAccount('balance_micros = 10');
    const reserved = setAccount('reserved_micros = 50');
    expect(await verdict(reserved, dispute)).toBe('accepted');
    expect(await verdict(reserved, dispute, setAccount('reserved_micros = 40'))).toBe('accepted');
    expect(await verdict(reserved, dispute, setAccount('reserved_micros = 51'))).toBe(
      '23514 accounts_available',
    );
  });
});

describe('a message', () => {
  const move = (id: string, state: MessageState): Statement => [
    `UPDATE messages SET state = $2, finished_at = CASE WHEN $3::boolean THEN now() END WHERE id = $1`,
    [id, state, isTerminal(state)],
  ];

  test('moves exactly as the code says it may: never backward', async () => {
    const { id } = await buildMessage(prisma, tenant);
    const disagreements: string[] = [];
    for (const from of messageStates) {
      for (const to of messageStates.filter((state) => state !== from)) {
        const first: Statement[] = from === 'accepted' ? [] : [move(id, from)];
        const answer = await verdict(...first, move(id, to));
        const expected = canMove(from, to) ? 'accepted' : '23514 messages_forward_only';
        if (answer !== expected) disagreements.push(`${from} to ${to}: ${answer}`);
      }
    }
    expect(disagreements).toEqual([]);
  });

  test('has an end time when it has ended, and only then', async () => {
    const { id } = await buildMessage(prisma, tenant);
    expect(await verdict(["UPDATE messages SET state = 'failed' WHERE id = $1", [id]])).toBe(
      '23514 messages_finished',
    );
    expect(await verdict(['UPDATE messages SET finished_at = now() WHERE id = $1', [id]])).toBe(
      '23514 messages_finished',
    );
  });

  test('has at most one open attempt', async () => {
    const { id } = await buildMessage(prisma, tenant);
    const attempt = (number: number, closedAt: Date | null): Statement => [
      `INSERT INTO message_attempts (id, message_id, tenant_id, number, provider, opened_at, closed_at, outcome)
       VALUES ($1, $2, $3, $4, 'sms-manager', now(), $5, 'unavailable')`,
      [newId(), id, tenant.id, number, closedAt],
    ];
    expect(await verdict(attempt(1, testNow), attempt(2, null))).toBe('accepted');
    expect(await verdict(attempt(1, null), attempt(2, null))).toBe('23505 message_attempts_one_open');
    expect(await verdict(attempt(1, testNow), attempt(1, testNow))).toBe(
      '23505 message_attempts_message_id_number_key',
    );
  });

  test('has a number in E.164 form', async () => {
    const { id } = await buildMessage(prisma, tenant);
    const answer = await verdict(["UPDATE messages SET recipient = '777123456' WHERE id = $1", [id]]);
    expect(answer).toBe('23514 messages_recipient');
  });
});

describe('the roles', () => {
  test('exist, and may neither own, log in as migrations make them, nor pass row-level security', async () => {
    const { rows } = await owner.query(
      `SELECT rolname, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname LIKE 'tollgate_%' ORDER BY 1`,
    );
    const powerless = { rolsuper: false, rolbypassrls: false, rolcreatedb: false };
    expect(rows).toEqual([
      { rolname: 'tollgate_app', ...powerless },
      { rolname: 'tollgate_tenant', ...powerless },
    ]);
  });

  test('of the services may not edit the ledger, nor change the schema', async () => {
    const codes = await Promise.all(
      [
        'UPDATE ledger_entries SET amount_micros = 1',
        'DELETE FROM ledger_entries',
        'TRUNCATE accounts',
        'DROP TABLE messages',
        'CREATE TABLE mine ()',
      ].map((sql) =>
        database.pool.query(sql).then(
          () => 'accepted',
          ({ code }: { code?: string }) => code,
        ),
      ),
    );
    expect(new Set(codes)).toEqual(new Set(['42501']));
  });

  test('every table that names a tenant has row-level security', async () => {
    const { rows } = await owner.query(
      `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
       WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'tenant_id'
         AND NOT a.attisdropped AND NOT c.relrowsecurity
         AND has_table_privilege('tollgate_tenant', c.oid, 'SELECT')`,
    );
    expect(rows).toEqual([]);
  });
});
