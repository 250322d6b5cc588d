import { z } from 'zod';
import type { ActiveSpan, PlanSpan } from './fee-days.ts';

/** A line of `tenant_events`. */
export type HistoryEvent = { kind: string; detail: unknown; occurredAt: Date };

export type TenantLife = { createdAt: Date; planId: string; events: readonly HistoryEvent[] };

/** When the tenant was there and not suspended, oldest first. Events are given in their order. */
export function activeSpans({ createdAt, events }: TenantLife): ActiveSpan[] {
  const spans: ActiveSpan[] = [];
  let from: Date | null = createdAt;
  let isDeleted = false;
  for (const { kind, occurredAt } of events) {
    if ((kind === 'suspended' || kind === 'deleted') && from !== null) {
      if (occurredAt > from) spans.push({ from, until: occurredAt });
      from = null;
    }
    if (kind === 'deleted') isDeleted = true;
    if (kind === 'resumed' && !isDeleted) from ??= occurredAt;
  }
  return from === null ? spans : [...spans, { from, until: null }];
}

const PlanChange = z.object({ from: z.string(), to: z.string() });

/** The plans that the tenant was on, oldest first; by its present plan where no change is known. */
export function planSpans({ createdAt, planId, events }: TenantLife): PlanSpan[] {
  const changes = events.flatMap(({ kind, detail, occurredAt }) => {
    const change = kind === 'plan_changed' ? PlanChange.safeParse(detail).data : undefined;
    return change ? [{ ...change, at: occurredAt }] : [];
  });
  const first = { planId: changes[0]?.from ?? planId, from: createdAt };
  return [first, ...changes.map(({ to, at }) => ({ planId: to, from: at }))];
}

/** When the tenant was deleted; null while it is not. */
export function deletedAt({ events }: Pick<TenantLife, 'events'>): Date | null {
  return events.find(({ kind }) => kind === 'deleted')?.occurredAt ?? null;
}
