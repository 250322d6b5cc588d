import { decideUnpaid, type Unpaid, type UnpaidFacts, unpaidColumns, unpaidJoins } from '../guards/unpaid.ts';
import { toPublicId } from '../ids/ids.ts';
import { formatMicros } from '../money/money.ts';
import type { Db } from '../runtime/database.ts';
import { leaveCrossing, openCrossing } from './crossings.ts';
import { closeOperatorAlert, raiseOperatorAlert } from './operator-alerts.ts';

/** Kind of the operators' alert that is open while a tenant's billings are beyond a line. */
export const UNPAID_BILLINGS = 'unpaid_billings';

const LINE = '';

/**
 * Opens a crossing and an operators' alert where a tenant's unapproved or unpaid billings have passed a
 * line of its policy, and closes them, which wakes what waited, once they have not. Sending itself asks
 * the invoices and never waits for this. Returns how many changed.
 */
export async function watchUnpaid(db: Db, now: Date): Promise<number> {
  const tenants = await db.$queryRaw<(UnpaidFacts & { tenantId: string; isCrossed: boolean })[]>`
    SELECT t.id AS "tenantId", c.id IS NOT NULL AS "isCrossed", ${unpaidColumns}
    FROM tenants t ${unpaidJoins}
    LEFT JOIN alert_crossings c ON c.tenant_id = t.id AND c.kind = 'unpaid' AND c.left_at IS NULL
    WHERE b.unpaid_policy <> 'off' OR c.id IS NOT NULL`;
  let changed = 0;
  for (const { tenantId, isCrossed, ...facts } of tenants) {
    const unpaid = decideUnpaid(facts, now);
    if ((unpaid !== null) === isCrossed) continue;
    if (unpaid) await open(db, tenantId, facts.currency, unpaid, now);
    else await close(db, tenantId, now);
    changed += 1;
  }
  return changed;
}

async function open(db: Db, tenantId: string, currency: string, unpaid: Unpaid, now: Date): Promise<void> {
  const { line: passed, effect, since } = unpaid;
  const owed = formatMicros(unpaid.owedMicros);
  const detail = { passed, effect, owed, currency, since: since.toISOString() };
  await openCrossing(db, { tenantId, kind: 'unpaid', line: LINE, detail }, now);
  const consequence = effect === 'block' ? 'sending is blocked' : 'sending goes on';
  await raiseOperatorAlert(
    db,
    {
      kind: UNPAID_BILLINGS,
      subject: toPublicId('tnt', tenantId),
      tenantId,
      detail: `${owed} ${currency} is not approved or paid since ${since.toISOString()}, beyond the line for its ${passed}: ${consequence}`,
    },
    now,
  );
}

async function close(db: Db, tenantId: string, now: Date): Promise<void> {
  await leaveCrossing(db, { tenantId, kind: 'unpaid' }, now);
  const subject = toPublicId('tnt', tenantId);
  await closeOperatorAlert(db, { kind: UNPAID_BILLINGS, subject }, now, 'tollgate');
}
