import type { ApiKey } from '@tollgate/shared/generated/prisma/client.ts';
import { fromPublicId, newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import {
  type ApiKeyMode,
  type ApiScope,
  apiScopes,
  createApiKey,
} from '@tollgate/shared/tenants/api-keys.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { invalidRequest, Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { storableText } from '../problems/storable-text.ts';
import { requireTenant } from './require-tenant.ts';

export type ApiKeyRoutesDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

const scopes = z.array(z.enum(apiScopes)).min(1);

export const ApiKeyRequest = z
  .strictObject({
    name: storableText(100).meta({ example: 'Booking application' }),
    mode: z.enum(['live', 'test']).default('live'),
    scopes: scopes.default([...apiScopes]),
    expiresAt: z.iso
      .datetime()
      .transform((text) => new Date(text))
      .optional(),
  })
  .meta({ id: 'ApiKeyRequest' });

export const ApiKeyView = z
  .object({
    id: z.string().meta({ example: 'key_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    name: z.string(),
    mode: z.enum(['live', 'test']),
    scopes,
    hint: z.string().meta({ description: 'The key’s first characters.' }),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ApiKey' });

export const ApiKeysView = z.object({ apiKeys: z.array(ApiKeyView) }).meta({ id: 'ApiKeys' });

export const NewApiKeyView = ApiKeyView.extend({
  key: z.string().meta({ description: 'Shown this once.', example: 'tg_live_…' }),
}).meta({ id: 'NewApiKey' });

/** A tenant has a handful; revoked ones stay in the list. */
const KEYS_MAX = 500;

/** API keys of tenants, for operators. */
export function apiKeyRoutes(deps: ApiKeyRoutesDeps): Router {
  const { prisma, clock, logger, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/admin/tenants/:id/api-keys', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const { id: tenantId } = await requireTenant(prisma, request.params.id);
    const keys = await prisma.apiKey.findMany({
      where: { tenantId },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: KEYS_MAX,
    });
    response.json({ apiKeys: keys.map(viewApiKey) });
  });

  router.post('/v1/admin/tenants/:id/api-keys', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const { expiresAt, ...wished } = readBody(ApiKeyRequest, request.body);
    const { id: tenantId, status } = await requireTenant(prisma, request.params.id);
    if (status === 'deleted') throw new Problem('conflict', 'the tenant is deleted, for good');
    const createdAt = clock.now();
    if (expiresAt && expiresAt <= createdAt) {
      throw invalidRequest([{ pointer: '#/expiresAt', detail: 'must be in the future' }]);
    }
    const id = newId(clock);
    const given = { id, tenantId, ...wished, createdAt, ...(expiresAt && { expiresAt }) };
    const key = await inTransaction(deps, ({ db }) => createApiKey(db, given));
    const row = await prisma.apiKey.findUniqueOrThrow({ where: { id } });
    logger.info({ operator: email, tenantId, apiKeyId: id }, 'API key made by an operator');
    response
      .status(201)
      .set('Cache-Control', 'no-store')
      .json({ ...viewApiKey(row), key });
  });

  router.delete('/v1/admin/tenants/:id/api-keys/:keyId', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const { id: tenantId } = await requireTenant(prisma, request.params.id);
    const id = fromPublicId('key', request.params.keyId);
    const known = id && (await prisma.apiKey.findUnique({ where: { id, tenantId } }));
    if (!known) throw new Problem('not_found', `the tenant has no API key ${request.params.keyId}`);
    await inTransaction(deps, ({ db }) =>
      db.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: clock.now() } }),
    );
    logger.info({ operator: email, tenantId, apiKeyId: id }, 'API key revoked by an operator');
    response.status(204).end();
  });

  return router;
}

function viewApiKey(key: ApiKey): z.infer<typeof ApiKeyView> {
  return {
    id: toPublicId('key', key.id),
    name: key.name,
    mode: key.mode as ApiKeyMode,
    scopes: key.scopes as ApiScope[],
    hint: key.hint,
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  };
}
