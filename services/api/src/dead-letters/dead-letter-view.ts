import { deadLetterActions, deadLetterStates } from '@tollgate/shared/dead-letters/dead-letter.ts';
import type { DeadLetterRow } from '@tollgate/shared/dead-letters/list-dead-letters.ts';
import type { ShownDeadLetter } from '@tollgate/shared/dead-letters/show-dead-letter.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';

const DeadLetter = z.object({
  id: z.string().meta({ example: 'dlq_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
  queue: z.string(),
  state: z.enum(deadLetterStates),
  failureClass: z.string(),
  failureDetail: z.string(),
  fingerprint: z.string().meta({ description: 'Equal for letters with one cause.' }),
  attempts: z.number().int(),
  payload: z.unknown().meta({ description: 'What its job carried: ids only.' }),
  messageId: z.string().nullable().meta({ description: 'The message that was given up.' }),
  atStake: z
    .array(z.object({ tenantId: z.string(), amount: z.string(), currency: z.string() }))
    .meta({ description: 'When it was buried, per tenant and currency.' }),
  createdAt: z.iso.datetime(),
  resolvedAt: z.iso.datetime().nullable(),
  resolvedBy: z.string().nullable(),
});

export const DeadLetterView = DeadLetter.meta({ id: 'DeadLetter' });

export const ShownDeadLetterView = DeadLetter.extend({
  replayedAs: z.string().nullable().meta({ description: 'The message that repeats the one given up.' }),
  replay: z
    .object({
      kind: z.enum(['replay', 'expired', 'refused']),
      reason: z.string().nullable(),
      detail: z.string(),
    })
    .nullable()
    .meta({ description: 'What a replay would do now; null once it is resolved.' }),
  actions: z.array(
    z.object({
      action: z.enum(deadLetterActions),
      actor: z.string(),
      reason: z.string().nullable(),
      operationId: z.string().meta({ description: 'Letters resolved by one request share it.' }),
      selection: z.unknown().meta({ description: 'What was asked for.' }),
      at: z.iso.datetime(),
    }),
  ),
}).meta({ id: 'DeadLetterWithAudit' });

/** A letter in a list. */
export function viewDeadLetter(row: DeadLetterRow): z.infer<typeof DeadLetterView> {
  const { id, queue, failureClass, failureDetail, fingerprint, attempts, payload, messageId, resolvedBy } =
    row;
  return {
    id: toPublicId('dlq', id),
    queue,
    state: row.state as z.infer<typeof DeadLetterView>['state'],
    failureClass,
    failureDetail,
    fingerprint,
    attempts,
    payload,
    messageId: messageId && toPublicId('msg', messageId),
    atStake: row.stakes.map(({ tenantId, currency, atStakeMicros }) => ({
      tenantId: toPublicId('tnt', tenantId),
      amount: formatMicros(atStakeMicros),
      currency,
    })),
    createdAt: row.createdAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    resolvedBy,
  };
}

/** A letter with its audit. */
export function viewShownDeadLetter(letter: ShownDeadLetter): z.infer<typeof ShownDeadLetterView> {
  return {
    ...viewDeadLetter(letter),
    replayedAs: letter.replayedAs && toPublicId('msg', letter.replayedAs),
    replay: letter.replay,
    actions: letter.actions.map(({ action, actor, reason, operationId, selection, at }) => ({
      action: action as (typeof deadLetterActions)[number],
      actor,
      reason,
      operationId: toPublicId('op', operationId),
      selection,
      at: at.toISOString(),
    })),
  };
}
