import { listAccounts } from '@tollgate/shared/credit/accounts.ts';
import { availableMicros } from '@tollgate/shared/credit/fit-within-credit.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { defineCommand, type ExitCode } from '../command.ts';
import { formatTable } from '../format-table.ts';
import { databaseFlag, databaseValue, withDatabase } from '../with-database.ts';

const TENANTS_MAX = 10_000;

/** `tenant list`: the oldest first, with what each may still spend. */
export const listTenants = defineCommand({
  name: 'tenant list',
  summary: 'Lists the tenants with their plan, terms and available credit.',
  flags: {
    limit: { type: 'string', placeholder: 'count', summary: 'At most so many; 100 by default' },
    database: databaseFlag,
  },
  values: z.object({
    limit: z.coerce
      .number({ error: 'must be a whole number' })
      .int({ error: 'must be a whole number' })
      .min(1, { error: 'must be at least 1' })
      .max(TENANTS_MAX, { error: `must be at most ${TENANTS_MAX}` })
      .default(100),
    database: databaseValue,
  }),
  run: (surroundings, { limit, database }) =>
    withDatabase(surroundings, database, async (prisma): Promise<ExitCode> => {
      surroundings.print(formatTable([head, ...(await readRows(prisma, limit))]));
      return 0;
    }),
});

const head = ['ID', 'NAME', 'STATUS', 'PLAN', 'TERMS', 'AVAILABLE', 'CURRENCY'];

async function readRows(db: Db, limit: number): Promise<string[][]> {
  const select = {
    id: true,
    name: true,
    status: true,
    planId: true,
    paymentTerms: true,
    currency: true,
  } as const;
  const tenants = await db.tenant.findMany({
    select,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: limit,
  });
  const accounts = await listAccounts(
    db,
    tenants.map(({ id }) => id),
  );
  return tenants.map(({ id, name, status, planId, paymentTerms, currency }) => {
    const account = accounts.find((each) => each.tenantId === id && each.currency === currency);
    const available = account === undefined ? '' : formatMicros(availableMicros(account));
    return [toPublicId('tnt', id), name, status, planId, paymentTerms, available, currency];
  });
}
