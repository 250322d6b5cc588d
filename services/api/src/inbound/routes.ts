import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import type { DataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { readQuery } from '../problems/read-query.ts';
import { InboundQuery, listInbound } from './list-inbound.ts';

export type InboundRoutesDeps = { prisma: PrismaClient; dataKeys: DataKeys; authenticate: Authenticate };

/** What people have answered and written to a tenant. */
export function inboundRoutes({ prisma, dataKeys, authenticate }: InboundRoutesDeps): Router {
  const router = Router();

  router.get('/v1/sms/inbound', async (request, response) => {
    const { tenantId, dataKeyWrapped } = await authenticate(request, 'sms:read');
    const query = readQuery(InboundQuery, request.query);
    const owner = { tenantId, dataKey: dataKeys.open(tenantId, dataKeyWrapped) };
    response.json(await withTenant(prisma, tenantId, (db) => listInbound(db, owner, query)));
  });

  return router;
}
