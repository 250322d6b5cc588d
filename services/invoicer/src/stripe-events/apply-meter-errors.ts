import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import Stripe from 'stripe';
import { z } from 'zod';
import type { ApplyEventDeps } from './apply-event-deps.ts';

/** Of `GET /v2/core/events/:id`. */
const MeterErrors = z.object({
  related_object: z.object({ id: z.string() }).nullish(),
  data: z
    .object({
      reason: z.object({
        error_count: z.number(),
        error_types: z.array(z.object({ code: z.string(), error_count: z.number() })),
      }),
    })
    .nullish(),
});

/**
 * Tells operators that usage which Stripe had taken does not count there, with how much and why. The
 * thin event says nothing itself, so it is read again; where Stripe does not show it, they are told all
 * the same. One alert is open per meter, with the last report.
 */
export async function applyMeterErrors(
  { prisma, clock, stripe }: Pick<ApplyEventDeps, 'prisma' | 'clock' | 'stripe'>,
  eventId: string,
): Promise<string> {
  const report = await readReport(stripe, eventId);
  const subject = report?.related_object?.id ?? 'no meter';
  const reason = report?.data?.reason;
  const detail = reason
    ? `${reason.error_count} events told to ${subject} do not count: ${reason.error_types
        .map(({ code, error_count }) => `${error_count} ${code}`)
        .join(', ')} (${eventId})`
    : `usage told to a meter does not count, see ${eventId} at Stripe`;
  await raiseOperatorAlert(prisma, { kind: 'stripe_meter_errors', subject, detail }, clock.now());
  return `operators were told: ${detail}`;
}

/** Null where our key may not read it, or it is gone or of another shape. */
async function readReport(stripe: Stripe, id: string): Promise<z.infer<typeof MeterErrors> | null> {
  try {
    return MeterErrors.safeParse(await stripe.v2.core.events.retrieve(id)).data ?? null;
  } catch (error) {
    const isRefused =
      error instanceof Stripe.errors.StripeInvalidRequestError ||
      error instanceof Stripe.errors.StripePermissionError;
    if (isRefused) return null;
    throw error;
  }
}
