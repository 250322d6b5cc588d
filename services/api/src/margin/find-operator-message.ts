import { readMessageEntries } from '@tollgate/shared/credit/message-entries.ts';
import { fromPublicId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { messageModes } from '@tollgate/shared/messages/message.ts';
import { messageStates } from '@tollgate/shared/messages/states.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { maskPhoneNumber } from '@tollgate/shared/phone-numbers/mask-phone-number.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';

const amount = z.string().nullable();
const instant = z.iso.datetime().nullable();

export const OperatorMessageView = z
  .object({
    id: z.string().meta({ example: 'msg_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    tenantId: z.string(),
    mode: z.enum(messageModes),
    state: z.enum(messageStates),
    holdReason: z.string().nullable(),
    failureCode: z.string().nullable(),
    lastFailure: z.string().nullable(),
    recipient: z.string().meta({ description: 'Masked.', example: '+420777***456' }),
    country: z.string(),
    segments: z.number().int(),
    providerParts: z.number().int().nullable().meta({ description: 'As the provider counts them.' }),
    currency: z.string(),
    price: z.string().meta({ description: 'As it was quoted.' }),
    charged: z.string().meta({ description: 'What was charged less what was given back.' }),
    cost: amount.meta({ description: 'What the provider takes; null while it has not told.' }),
    costCurrency: z.string().nullable(),
    margin: amount.meta({ description: 'Charged less cost, where both are in one currency.' }),
    attempts: z.array(
      z.object({ provider: z.string(), outcome: z.string().nullable(), openedAt: z.iso.datetime() }),
    ),
    acceptedAt: z.iso.datetime(),
    submittedAt: instant,
    finishedAt: instant,
  })
  .meta({ id: 'OperatorMessage' });

/** One message with its cost and margin, for operators; null where there is none. Its text and number are the tenant's. */
export async function findOperatorMessage(
  db: Db,
  publicId: string,
): Promise<z.infer<typeof OperatorMessageView> | null> {
  const id = fromPublicId('msg', publicId);
  const row =
    id &&
    (await db.message.findUnique({ where: { id }, include: { attempts: { orderBy: { number: 'asc' } } } }));
  if (!row) return null;
  const entries = await readMessageEntries(db, [row.id]);
  const chargedMicros = -entries.reduce((sum, { amountMicros }) => sum + amountMicros, 0n);
  const { providerCostMicros: costMicros, providerCostCurrency: costCurrency } = row;
  const hasMargin = costMicros !== null && costCurrency === row.currency;
  return {
    id: publicId,
    tenantId: toPublicId('tnt', row.tenantId),
    mode: row.mode as (typeof messageModes)[number],
    state: row.state as (typeof messageStates)[number],
    holdReason: row.holdReason,
    failureCode: row.failureCode,
    lastFailure: row.lastFailure,
    recipient: maskPhoneNumber(row.recipient),
    country: row.country,
    segments: row.segments,
    providerParts: row.providerParts,
    currency: row.currency,
    price: formatMicros(row.priceMicros),
    charged: formatMicros(chargedMicros),
    cost: costMicros === null ? null : formatMicros(costMicros),
    costCurrency,
    margin: hasMargin ? formatMicros(chargedMicros - costMicros) : null,
    attempts: row.attempts.map(({ provider, outcome, openedAt }) => ({
      provider,
      outcome,
      openedAt: openedAt.toISOString(),
    })),
    acceptedAt: row.acceptedAt.toISOString(),
    submittedAt: row.submittedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
