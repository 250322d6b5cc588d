import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import type { ApplyEventDeps } from './apply-event-deps.ts';

/** Tells operators of something at Stripe that only a person can judge; with whose it is, where that is known. */
export async function alertOperators(
  { prisma, clock }: Pick<ApplyEventDeps, 'prisma' | 'clock'>,
  {
    kind,
    id,
    detail,
    stripeInvoiceId,
    tenantId,
  }: { kind: string; id: string; detail: string; stripeInvoiceId?: string; tenantId?: string },
): Promise<string> {
  const ours =
    stripeInvoiceId === undefined ? null : await prisma.invoice.findFirst({ where: { stripeInvoiceId } });
  await raiseOperatorAlert(
    prisma,
    { kind, subject: id, tenantId: tenantId ?? ours?.tenantId ?? null, detail: `${id}: ${detail}` },
    clock.now(),
  );
  return 'operators were told';
}
