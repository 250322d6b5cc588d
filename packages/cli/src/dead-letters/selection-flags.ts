import { deadLetterStates } from '@tollgate/shared/dead-letters/dead-letter.ts';
import type { Selection } from '@tollgate/shared/dead-letters/selection.ts';
import { publicId } from '@tollgate/shared/ids/ids.ts';
import { z } from 'zod';
import { type Flag, UsageError } from '../command.ts';

/** The flags by which letters are chosen; a letter fits when it fits all that are given. */
export const filterFlags: Record<string, Flag> = {
  queue: { type: 'string', placeholder: 'name', summary: 'Of this queue, such as send-messages' },
  'failure-class': { type: 'string', placeholder: 'class', summary: 'Such as provider_unavailable' },
  fingerprint: { type: 'string', placeholder: 'text', summary: 'Of this group' },
  tenant: { type: 'string', placeholder: 'tnt_…', summary: 'In which this tenant has something at stake' },
  since: {
    type: 'string',
    placeholder: 'instant',
    summary: 'Buried at or after, such as 2026-03-10T08:00:00Z',
  },
  until: { type: 'string', placeholder: 'instant', summary: 'Buried before' },
};

const instant = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-03-10T08:00:00Z' })
  .transform((text) => new Date(text));

const text = z.string().min(1, { error: 'must not be empty' }).optional();

export const filterValues = {
  queue: text,
  'failure-class': text,
  fingerprint: text,
  tenant: publicId('tnt').optional(),
  since: instant.optional(),
  until: instant.optional(),
};

export const stateFlag: Flag = {
  type: 'string',
  placeholder: 'state',
  summary: `${deadLetterStates.join(', ')} or all; open by default`,
};

export const stateValue = z
  .enum([...deadLetterStates, 'all'], { error: `must be one of ${deadLetterStates.join(', ')}, all` })
  .default('open')
  .transform((state) => (state === 'all' ? undefined : state));

export const idFlag: Flag = { type: 'string', placeholder: 'dlq_…', summary: 'This letter' };

export const jsonFlag: Flag = { type: 'boolean', summary: 'Print JSON' };

type FilterValues = z.infer<z.ZodObject<typeof filterValues>> & { id?: string | undefined };

/** The letters that the flags mean. */
export function toSelection({
  id,
  queue,
  'failure-class': failureClass,
  fingerprint,
  tenant: tenantId,
  since,
  until,
}: FilterValues): Selection {
  return { id, queue, failureClass, fingerprint, tenantId, since, until };
}

/** The letters that the flags mean; throws UsageError where no flag says which. */
export function toNarrowSelection(values: FilterValues): Selection {
  const selection = toSelection(values);
  if (Object.values(selection).some((value) => value !== undefined)) return selection;
  throw new UsageError(
    'Say which letters: --id, --fingerprint or another filter. --dry-run shows what would happen.',
  );
}
