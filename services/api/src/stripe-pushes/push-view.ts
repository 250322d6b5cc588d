import type { StripePush } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { readResolution } from '@tollgate/shared/stripe/push-resolution.ts';
import { z } from 'zod';

export const pushStates = ['sent', 'confirmed', 'deferred', 'rejected', 'needs_human', 'discarded'] as const;

export const PushView = z
  .object({
    id: z.string().meta({ example: 'psh_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    tenantId: z.string(),
    invoiceId: z.string(),
    kind: z.string().meta({ description: 'What it makes at Stripe.' }),
    part: z.number().int(),
    state: z.enum(pushStates),
    customer: z.string().meta({ description: 'At Stripe.' }),
    stripeId: z.string().nullable(),
    attempt: z.number().int(),
    firstSentAt: z.iso.datetime(),
    lastError: z.string().nullable(),
    params: z.unknown().meta({ description: 'What is asked of Stripe, as it was frozen.' }),
    seen: z.unknown().meta({ description: 'What Stripe had when it was last looked up.' }),
    resolution: z.unknown().meta({ description: 'What an operator decided, and what came of it.' }),
  })
  .meta({ id: 'StripePush' });

export const PushesView = z.object({
  pushes: z.array(PushView),
  hasMore: z.boolean(),
  nextCursor: z.string().nullable(),
});

/** A push for operators, who have to judge it. */
export function viewPush(push: StripePush): z.infer<typeof PushView> {
  const { kind, part, customer, stripeId, attempt, lastError, params, seen } = push;
  return {
    id: toPublicId('psh', push.id),
    tenantId: toPublicId('tnt', push.tenantId),
    invoiceId: toPublicId('inv', push.invoiceId),
    kind,
    part,
    state: push.state as z.infer<typeof PushView>['state'],
    customer,
    stripeId,
    attempt,
    firstSentAt: push.firstSentAt.toISOString(),
    lastError,
    params,
    seen: seen ?? null,
    resolution: readResolution(push.resolution),
  };
}
