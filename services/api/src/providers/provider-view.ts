import type { ProviderState } from '@tollgate/shared/messages/provider-status.ts';
import { z } from 'zod';

const instant = z.iso.datetime().nullable();

export const ProviderView = z
  .object({
    name: z.string().meta({ example: 'sms-manager' }),
    state: z.enum(['open', 'blocked']).meta({
      description: 'blocked: its account refuses us or has no credit; messages wait until they expire.',
    }),
    reason: z.string().nullable(),
    blockedSince: instant,
    nextCheckAt: instant.meta({ description: 'When its account is looked at again, which resumes it.' }),
    resumedAt: instant,
    resumedBy: z.string().nullable(),
  })
  .meta({ id: 'Provider' });

export const ProvidersView = z
  .object({
    providers: z.array(ProviderView),
    heldMessages: z.number().int().meta({ description: 'How many messages wait for a provider.' }),
  })
  .meta({ id: 'Providers' });

/** A provider as operators see it. */
export function viewProvider({
  provider,
  block,
  resumedAt,
  resumedBy,
}: ProviderState): z.infer<typeof ProviderView> {
  return {
    name: provider,
    state: block ? 'blocked' : 'open',
    reason: block?.reason ?? null,
    blockedSince: block?.blockedAt.toISOString() ?? null,
    nextCheckAt: block?.nextCheckAt.toISOString() ?? null,
    resumedAt: resumedAt?.toISOString() ?? null,
    resumedBy,
  };
}
