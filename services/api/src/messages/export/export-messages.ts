import type { MessagePosition } from '@tollgate/shared/messages/search-messages.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { z } from 'zod';
import {
  type FilterQuery,
  findPage,
  type ListMessagesDeps,
  messageFilterParameters,
  openSummary,
} from '../list-messages.ts';
import type { MessageSummary } from '../message-summary.ts';
import { csvRow } from './csv.ts';

export const exportFormats = {
  csv: { type: 'text/csv; charset=utf-8; header=present', write: writeCsv },
  jsonl: { type: 'application/jsonl; charset=utf-8', write: writeJsonLines },
} as const;

export const ExportQuery = z.strictObject({
  ...messageFilterParameters,
  format: z.enum(['csv', 'jsonl']).default('csv').meta({
    description: 'csv with a header line, or one JSON object a line.',
  }),
});

/** So many messages are in memory at a time. */
const MESSAGES_AT_A_TIME = 500;

/**
 * The caller's messages that fit, newest first, as text, piece by piece: each piece is read when the one
 * before it was taken. Messages that arrive meanwhile are newer and left out. Throws a Problem, before
 * the first piece, for a query against itself.
 */
export async function* exportMessages(
  deps: ListMessagesDeps,
  caller: Caller,
  { format, ...query }: z.infer<typeof ExportQuery>,
): AsyncGenerator<string> {
  const { write } = exportFormats[format];
  let after: MessagePosition | undefined;
  for (let isFirst = true; isFirst || after; isFirst = false) {
    const rows = await findPage(deps, caller, query satisfies FilterQuery, {
      limit: MESSAGES_AT_A_TIME,
      after,
    });
    yield write(
      rows.map((row) => openSummary(deps, caller, row)),
      isFirst,
    );
    after = rows.length === MESSAGES_AT_A_TIME ? rows.at(-1) : undefined;
  }
}

function writeJsonLines(messages: readonly MessageSummary[]): string {
  return messages.map((message) => `${JSON.stringify(message)}\n`).join('');
}

const csvColumns = {
  id: ({ id }) => id,
  state: ({ state }) => state,
  mode: ({ mode }) => mode,
  to: ({ to }) => to,
  country: ({ country }) => country,
  sender: ({ sender }) => sender,
  category: ({ category }) => category,
  body: ({ body }) => body,
  encoding: ({ encoding }) => encoding,
  segments: ({ segments }) => segments,
  price: ({ price }) => price.amount,
  currency: ({ price }) => price.currency,
  reference: ({ reference }) => reference,
  campaign: ({ campaign }) => campaign,
  batchId: ({ batchId }) => batchId,
  metadata: ({ metadata }) => metadata && JSON.stringify(metadata),
  attempts: ({ attempts }) => attempts,
  failureCode: ({ failureCode }) => failureCode,
  lastFailure: ({ lastFailure }) => lastFailure,
  acceptedAt: ({ acceptedAt }) => acceptedAt,
  sendAt: ({ sendAt }) => sendAt,
  validUntil: ({ validUntil }) => validUntil,
  submittedAt: ({ submittedAt }) => submittedAt,
  sentAt: ({ sentAt }) => sentAt,
  deliveredAt: ({ deliveredAt }) => deliveredAt,
  finishedAt: ({ finishedAt }) => finishedAt,
} satisfies Record<string, (message: MessageSummary) => string | number | null>;

function writeCsv(messages: readonly MessageSummary[], isFirst: boolean): string {
  const header = isFirst ? csvRow(Object.keys(csvColumns)) : '';
  const rows = messages.map((message) => csvRow(Object.values(csvColumns).map((read) => read(message))));
  return header + rows.join('');
}
