import type { CollectDeps } from '../collect-deps.ts';
import { stopWaking } from '../stripe/pushes.ts';

/**
 * Usage that is told as meter events is collected by the metered price of the tenant's subscription: the
 * Stripe invoice that holds its line settles ours. Nothing of it is pushed for the invoice itself.
 */
export async function collectByMeter({ prisma }: CollectDeps, invoiceId: string): Promise<void> {
  await stopWaking(prisma, [invoiceId]);
}
