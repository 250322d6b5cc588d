import { leaveCrossing } from '@tollgate/shared/alerts/crossings.ts';
import { DecimalMicros } from '@tollgate/shared/money/decimal-micros.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';

const amount = z.string().meta({ example: '100.00' });

export const AlertSettingsRequest = z
  .strictObject({
    lowBalance: DecimalMicros.refine((micros) => micros > 0n, { error: 'must be more than 0' })
      .nullable()
      .meta({ description: 'Told by mail when less is available; null for never.', example: '100.00' }),
  })
  .meta({ id: 'AlertSettingsRequest' });

export const AlertSettingsView = z
  .object({
    lowBalance: amount.nullable(),
    crossed: z
      .array(
        z.object({
          kind: z.string().meta({ example: 'low_balance' }),
          detail: z.record(z.string(), z.unknown()),
          crossedAt: z.iso.datetime(),
        }),
      )
      .meta({ description: 'Lines that stand crossed, the latest first.' }),
  })
  .meta({ id: 'AlertSettings' });

/** A tenant has a handful of kinds and lines. */
const CROSSINGS_MAX = 100;

/** When the tenant is warned, and what it is warned of now. */
export async function readAlerts(db: Db, tenantId: string): Promise<z.infer<typeof AlertSettingsView>> {
  const settings = await db.billingSettings.findUnique({
    where: { tenantId },
    select: { lowBalanceMicros: true },
  });
  const crossings = await db.alertCrossing.findMany({
    where: { tenantId, leftAt: null },
    orderBy: [{ crossedAt: 'desc' }, { id: 'desc' }],
    take: CROSSINGS_MAX,
  });
  const line = settings?.lowBalanceMicros ?? null;
  return {
    lowBalance: line === null ? null : formatMicros(line),
    crossed: crossings.map(({ kind, detail, crossedAt }) => ({
      kind,
      detail: detail as Record<string, unknown>,
      crossedAt: crossedAt.toISOString(),
    })),
  };
}

/** Moves the line; a new one is judged anew, so it warns again where it stands crossed already. */
export async function changeAlertSettings(
  db: Db,
  tenantId: string,
  { lowBalance }: z.infer<typeof AlertSettingsRequest>,
  at: Date,
): Promise<void> {
  const { count } = await db.billingSettings.updateMany({
    where: {
      tenantId,
      OR: [{ lowBalanceMicros: null }, { lowBalanceMicros: { not: lowBalance } }],
    },
    data: { lowBalanceMicros: lowBalance },
  });
  if (count > 0) await leaveCrossing(db, { tenantId, kind: 'low_balance' }, at);
}
