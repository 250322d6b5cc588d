import type { OperationReport } from '@tollgate/shared/dead-letters/report.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';

export const AmountView = z.object({ amount: z.string().meta({ example: '1.50' }), currency: z.string() });

const operation = {
  dryRun: z.boolean(),
  operationId: z.string().nullable().meta({
    description: 'Under which the audit keeps it; null for a dry run.',
  }),
  matched: z.number().int().meta({ description: 'Open letters that were meant.' }),
  atStake: z.array(AmountView).meta({ description: 'In those that were replayed or discarded.' }),
  tenants: z.number().int(),
  hasMore: z.boolean().meta({ description: 'One request takes 10,000 letters: send it again for the rest.' }),
};

export const ReplayView = z
  .object({
    ...operation,
    replayed: z.number().int(),
    expired: z.number().int().meta({ description: 'Over: never sent, whoever asks.' }),
    refused: z
      .array(z.object({ reason: z.string(), detail: z.string(), count: z.number().int() }))
      .meta({ description: 'These stay open.' }),
    takesMs: z.number().int().meta({ description: 'Until the turn of the last one, at this rate.' }),
  })
  .meta({ id: 'DeadLetterReplay' });

export const DiscardView = z
  .object({ ...operation, discarded: z.number().int() })
  .meta({ id: 'DeadLetterDiscard' });

/** What a replay did, or would do. */
export function viewReplay(report: OperationReport): z.infer<typeof ReplayView> {
  const { done, expired, refused, takesMs } = report;
  return { ...viewOperation(report), replayed: done, expired, refused, takesMs };
}

/** What a discard did, or would do. */
export function viewDiscard(report: OperationReport): z.infer<typeof DiscardView> {
  return { ...viewOperation(report), discarded: report.done };
}

function viewOperation({ dryRun, operationId, matched, atStake, tenants, hasMore }: OperationReport) {
  return {
    dryRun,
    operationId: operationId && toPublicId('op', operationId),
    matched,
    atStake: atStake.map(({ currency, micros }) => ({ amount: formatMicros(micros), currency })),
    tenants,
    hasMore,
  };
}
