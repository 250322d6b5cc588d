import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { buildBillingSteps } from './build-billing-steps.ts';
import type { TracedMessage, TraceRows } from './read-trace.ts';
import type { TraceStep } from './trace-view.ts';

/** The steps that a message has made, in the order of the arrows, each with its natural key. */
export function buildSteps(rows: TraceRows): TraceStep[] {
  const messageId = toPublicId('msg', rows.message.id);
  return [
    accepted(rows.message, messageId),
    ...reserved(rows.reservation, messageId),
    ...rows.message.attempts.flatMap(handedOver),
    ...rows.entries.map((entry) => booked(entry, messageId)),
    ...buildBillingSteps(rows, messageId),
  ];
}

function accepted(message: TracedMessage, key: string): TraceStep {
  const { traceParent, segments, priceMicros, currency, acceptedAt } = message;
  return {
    step: 'accepted',
    key,
    at: acceptedAt.toISOString(),
    traceId: traceParent?.split('-')[1] ?? null,
    segments,
    price: formatMicros(priceMicros),
    currency,
  };
}

function reserved(reservation: TraceRows['reservation'], key: string): TraceStep[] {
  if (!reservation) return [];
  const { state, amountMicros, openedAt, resolvedAt } = reservation;
  return [
    {
      step: 'reserved',
      key,
      at: openedAt.toISOString(),
      state: state as 'open' | 'captured' | 'released',
      amount: formatMicros(amountMicros),
      resolvedAt: resolvedAt?.toISOString() ?? null,
    },
  ];
}

function handedOver(attempt: TracedMessage['attempts'][number]): TraceStep[] {
  const { id, number, provider, outcome, providerMessageId, openedAt, reports } = attempt;
  const attemptId = toPublicId('att', id);
  return [
    {
      step: 'handed_over',
      key: attemptId,
      at: openedAt.toISOString(),
      attemptId,
      number,
      provider,
      outcome,
      providerMessageId,
    },
    ...reports.map(
      ({ result, source, occurredAt, recordedAt }): TraceStep => ({
        step: 'reported',
        key: `${attemptId} ${result}`,
        at: recordedAt.toISOString(),
        attemptId,
        result,
        source,
        occurredAt: occurredAt.toISOString(),
      }),
    ),
  ];
}

function booked(entry: TraceRows['entries'][number], messageId: string): TraceStep {
  return {
    step: entry.kind === 'refund' ? 'refunded' : 'charged',
    key: `${entry.kind} ${messageId}`,
    at: entry.occurredAt.toISOString(),
    transactionId: toPublicId('txn', entry.id),
    amount: formatMicros(entry.amountMicros),
    currency: entry.currency,
  };
}
