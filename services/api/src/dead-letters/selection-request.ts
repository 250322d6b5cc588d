import { RATE_DEFAULT, RATE_MAX } from '@tollgate/shared/dead-letters/replay-dead-letters.ts';
import type { Selection } from '@tollgate/shared/dead-letters/selection.ts';
import { publicId } from '@tollgate/shared/ids/ids.ts';
import { z } from 'zod';
import { storableText } from '../problems/storable-text.ts';

const Instant = z.iso.datetime({ offset: true });

const instant = z
  .string()
  .refine((text) => text.startsWith('2') && Instant.safeParse(text).success, {
    error: 'must be an instant such as 2026-03-10T08:00:00Z',
  })
  .transform((text) => new Date(text))
  .meta({ format: 'date-time' });

/** By what letters are chosen, in a query and in a body. */
export const filterFields = {
  queue: storableText(100).optional().meta({ example: 'send-messages' }),
  failureClass: storableText(200).optional().meta({ example: 'provider_unavailable' }),
  fingerprint: storableText(200).optional().meta({ description: 'Of a group.' }),
  tenantId: publicId('tnt')
    .optional()
    .meta({ description: 'Letters in which this tenant has something at stake.' }),
  since: instant.optional().meta({ description: 'Buried at or after this instant.' }),
  until: instant.optional().meta({ description: 'Buried before this instant.' }),
};

const Filter = z
  .strictObject(filterFields)
  .refine((filter) => Object.values(filter).some((value) => value !== undefined), {
    error: 'must name at least one field: everything is too much to ask for by mistake',
  });

const target = {
  id: publicId('dlq').optional().meta({ description: 'One letter.' }),
  fingerprint: storableText(200).optional().meta({ description: 'A group.' }),
  filter: Filter.optional(),
};

const dryRun = z.boolean().default(false).meta({
  description: 'Only say what would happen; changes nothing.',
});

type Target = { id?: string | undefined; fingerprint?: string | undefined; filter?: Selection | undefined };

const namesOne = ({ id, fingerprint, filter }: Target) =>
  [id, fingerprint, filter].filter((given) => given !== undefined).length === 1;
const oneTarget = { error: 'name exactly one of id, fingerprint and filter' };

export const ReplayRequest = z
  .strictObject({
    ...target,
    rate: z
      .number({ error: `must be a whole number from 1 to ${RATE_MAX}` })
      .int({ error: `must be a whole number from 1 to ${RATE_MAX}` })
      .min(1, { error: `must be a whole number from 1 to ${RATE_MAX}` })
      .max(RATE_MAX, { error: `must be a whole number from 1 to ${RATE_MAX}` })
      .default(RATE_DEFAULT)
      .meta({ description: 'Letters a second.' }),
    dryRun,
    reason: storableText(500).optional(),
  })
  .refine(namesOne, oneTarget)
  .meta({ id: 'ReplayDeadLetters' });

export const DiscardRequest = z
  .strictObject({
    ...target,
    dryRun,
    reason: storableText(500, { lengthMin: 3 }).meta({ description: 'For the audit.' }),
  })
  .refine(namesOne, oneTarget)
  .meta({ id: 'DiscardDeadLetters' });

/** The letters that a request means. */
export function toSelection({ id, fingerprint, filter }: Target): Selection {
  return {
    ...filter,
    ...(id !== undefined && { id }),
    ...(fingerprint !== undefined && { fingerprint }),
  };
}
