import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { closePeriods } from '@tollgate/shared/queues/catalog.ts';
import type { Producer } from '@tollgate/shared/runtime/producer.ts';
import { type Request, Router } from 'express';
import { Problem } from '../problems/problem.ts';
import { isBearerSecret } from './bearer-secret.ts';
import { BillingJobRequest, InvoicesJobRequest, readJobRequest } from './job-request.ts';

export type InternalJobRoutesDeps = {
  prisma: PrismaClient;
  producer: Pick<Producer, 'enqueue'>;
  /** What the caller has to know; without it there are no such addresses. */
  cronSecret: string | undefined;
  mode: 'sandbox' | 'live';
};

type Trigger = 'daily' | 'weekly' | 'monthly' | 'manual';

/** For outside schedulers and operators: asks the invoicer to look at what is due. Twice is harmless. */
export function internalJobRoutes({ prisma, producer, cronSecret, mode }: InternalJobRoutesDeps): Router {
  const router = Router();
  if (cronSecret === undefined) return router;

  router.post('/v1/internal/jobs/billing', async (request, response) => {
    requireSecret(request, cronSecret);
    const { type, ...scope } = readJobRequest(BillingJobRequest, request, mode);
    response.status(202).json(await enqueue(type === 'all' ? 'manual' : type, scope));
  });

  router.post('/v1/internal/jobs/sms/invoices', async (request, response) => {
    requireSecret(request, cronSecret);
    response.status(202).json(await enqueue('manual', readJobRequest(InvoicesJobRequest, request, mode)));
  });

  async function enqueue(
    trigger: Trigger,
    { tenantId, asOf }: { tenantId?: string | undefined; asOf?: string | undefined },
  ) {
    const publicId = tenantId === undefined ? null : toPublicId('tnt', tenantId);
    if (
      tenantId !== undefined &&
      !(await prisma.tenant.findUnique({ where: { id: tenantId }, select: { id: true } }))
    ) {
      throw new Problem('not_found', `there is no tenant ${publicId}`);
    }
    const instant = asOf === undefined ? null : new Date(asOf).toISOString();
    await producer.enqueue(closePeriods, {
      trigger,
      ...(tenantId !== undefined && { tenantId }),
      ...(instant !== null && { asOf: instant }),
    });
    return { enqueued: { queue: closePeriods.name, trigger, tenantId: publicId, asOf: instant } };
  }

  return router;
}

function requireSecret(request: Request, secret: string): void {
  if (isBearerSecret(request.get('authorization'), secret)) return;
  throw new Problem('unauthenticated', 'send "Authorization: Bearer <CRON_SECRET>"');
}
