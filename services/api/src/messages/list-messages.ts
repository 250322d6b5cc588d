import { unseal } from '@tollgate/shared/encryption/seal.ts';
import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { publicId } from '@tollgate/shared/ids/ids.ts';
import { messageCategories } from '@tollgate/shared/messages/categories.ts';
import {
  type FoundMessage,
  type MessageFilter,
  type MessagePosition,
  searchMessages,
} from '@tollgate/shared/messages/search-messages.ts';
import { type MessageState, messageStates } from '@tollgate/shared/messages/states.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { DataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import { z } from 'zod';
import { defineCursor } from '../pagination/cursor.ts';
import { cutPage, pageEnd } from '../pagination/page.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { storableText } from '../problems/storable-text.ts';
import { readTimeZone } from '../time-range/read-time-zone.ts';
import { readTimeRange, timeRangeParameters } from '../time-range/time-range.ts';
import { MessageSummary, summariseMessage } from './message-summary.ts';

const cursor = defineCursor('messages', z.object({ acceptedAt: z.iso.datetime().regex(/^2/), id: z.uuid() }));

const stateNames: readonly string[] = messageStates;

/** What a list or an export may be narrowed by. */
export const messageFilterParameters = {
  ...timeRangeParameters,
  state: z
    .string()
    .transform((text) => text.split(','))
    .refine((states): states is MessageState[] => states.every((state) => stateNames.includes(state)), {
      error: `must be one or several of ${messageStates.join(', ')}, with commas between them`,
    })
    .optional()
    .meta({
      description: 'One or several states, with commas between them.',
      example: 'failed,undelivered',
      override: ({ jsonSchema }) => void Object.assign(jsonSchema, { type: 'string' }),
    }),
  number: z
    .string()
    .regex(/^(?:\+\d{7,15}|\d{3,15})$/, {
      error: 'must be a number such as +420777123456, or its last 3 to 15 digits',
    })
    .optional()
    .meta({ description: 'The recipient in E.164, or its last digits (at least 3).', example: '123456' }),
  reference: storableText(100).optional(),
  campaign: storableText(100).optional(),
  category: z.enum(messageCategories).optional(),
  batch: publicId('bat').optional().meta({ description: 'The id of a batch.' }),
};

export const MessagesQuery = z.strictObject({
  ...messageFilterParameters,
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: cursor.parameter.optional(),
});

const FilterQuery = z.object(messageFilterParameters);
export type FilterQuery = z.infer<typeof FilterQuery>;

export const MessagesView = z
  .object({ messages: z.array(MessageSummary), ...pageEnd })
  .meta({ id: 'Messages' });

export type ListMessagesDeps = { prisma: PrismaClient; dataKeys: DataKeys };

/** The caller's messages that fit the query, newest first. Throws a Problem for a query against itself. */
export async function listMessages(
  deps: ListMessagesDeps,
  caller: Caller,
  { limit, cursor: after, ...query }: z.infer<typeof MessagesQuery>,
): Promise<z.infer<typeof MessagesView>> {
  const rows = await findPage(deps, caller, query, {
    limit: limit + 1,
    after: after && { acceptedAt: new Date(after.acceptedAt), id: after.id },
  });
  const { page, continueAfter } = cutPage(rows, limit);
  return {
    messages: page.map((row) => openSummary(deps, caller, row)),
    hasMore: continueAfter !== null,
    nextCursor:
      continueAfter &&
      cursor.after({ acceptedAt: continueAfter.acceptedAt.toISOString(), id: continueAfter.id }),
  };
}

/** One page of what fits, read as the tenant. */
export function findPage(
  { prisma }: Pick<ListMessagesDeps, 'prisma'>,
  { tenantId }: Caller,
  query: FilterQuery,
  page: { limit: number; after?: MessagePosition | undefined },
): Promise<FoundMessage[]> {
  return withTenant(prisma, tenantId, async (db) => {
    const { state: states, number, reference, campaign, category, batch: batchId, ...range } = query;
    const filter: MessageFilter = {
      states,
      number,
      reference,
      campaign,
      category,
      batchId,
      ...readTimeRange(range, await readTimeZone(db, tenantId)),
    };
    return searchMessages(db, tenantId, filter, page);
  });
}

/** The message with its text, as its tenant sees it in lists. */
export function openSummary(
  { dataKeys }: Pick<ListMessagesDeps, 'dataKeys'>,
  { tenantId, dataKeyWrapped }: Caller,
  row: FoundMessage,
): MessageSummary {
  const body = unseal(dataKeys.open(tenantId, dataKeyWrapped), row.bodyEncrypted, row.id).toString();
  return summariseMessage(row, body);
}
