import type { PrismaClient, VatRate } from '@tollgate/shared/generated/prisma/client.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { localDate, utcDay } from '@tollgate/shared/time/local-time.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { invalidRequest, Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';

export type VatRateRoutesDeps = TransactionDeps & {
  prisma: PrismaClient;
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

const percent = z
  .string()
  .regex(/^(100|\d{1,2})(\.\d{1,2})?$/, { error: 'must be a percentage such as "21" or "8.1"' })
  .meta({ example: '21' });

export const VatRateRequest = z
  .strictObject({
    country: z.string().regex(/^[A-Z]{2}$/, { error: 'must be two capital letters such as CZ' }),
    rate: percent.refine((text) => toBps(text) <= 10_000, { error: 'must be at most 100' }),
    validFrom: z.iso
      .date()
      .meta({ description: 'First day on which it holds; the one before it ends there.' }),
  })
  .meta({ id: 'VatRateRequest' });

const VatRateView = z
  .object({
    country: z.string(),
    rate: percent,
    validFrom: z.iso.date(),
    validUntil: z.iso.date().nullable().meta({ description: 'First day on which it no longer holds.' }),
    createdBy: z.string(),
  })
  .meta({ id: 'VatRate' });

const VatRatesView = z.object({ vatRates: z.array(VatRateView) }).meta({ id: 'VatRates' });

/** VAT by country and day, for operators. A rate that held is never changed: a later one follows it. */
export function vatRateRoutes(deps: VatRateRoutesDeps): Router {
  const { prisma, clock, logger, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/admin/vat-rates', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const rows = await prisma.vatRate.findMany({ orderBy: [{ country: 'asc' }, { validFrom: 'asc' }] });
    response.json({ vatRates: rows.map(view) });
  });

  router.post('/v1/admin/vat-rates', async (request, response) => {
    const { email: createdBy } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const { country, rate, validFrom } = readBody(VatRateRequest, request.body);
    if (validFrom <= localDate(clock.now(), 'UTC')) {
      const detail = 'must be in the future: invoices of past days keep their rate';
      throw invalidRequest([{ pointer: '#/validFrom', detail }]);
    }
    const day = new Date(validFrom);
    const row = await inTransaction(deps, async ({ db }) => {
      await db.$queryRaw`SELECT 1 FROM vat_rates WHERE country = ${country} FOR UPDATE`;
      const later = await db.vatRate.findFirst({ where: { country, validFrom: { gte: day } } });
      if (later)
        throw new Problem('conflict', `a rate of ${country} from ${utcDay(later.validFrom)} on is there`);
      await db.vatRate.updateMany({
        where: { country, OR: [{ validUntil: null }, { validUntil: { gt: day } }] },
        data: { validUntil: day },
      });
      return db.vatRate.create({ data: { country, validFrom: day, rateBps: toBps(rate), createdBy } });
    });
    logger.info({ operator: createdBy, country, rate, validFrom }, 'VAT rate set by an operator');
    response.status(201).json(view(row));
  });

  return router;
}

export const vatRatePaths: ZodOpenApiPathsObject = {
  '/v1/admin/vat-rates': {
    ...readOperation({
      id: 'listVatRates',
      summary: 'VAT by country and day',
      view: VatRatesView,
      security: operatorSession,
    }),
    post: writeOperation({
      id: 'createVatRate',
      summary: 'Say what VAT of a country will be from a day on',
      body: VatRateRequest,
      view: VatRateView,
      status: '201',
    }),
  },
};

function view({ country, rateBps, validFrom, validUntil, createdBy }: VatRate): z.infer<typeof VatRateView> {
  return {
    country,
    rate: String(rateBps / 100),
    validFrom: utcDay(validFrom),
    validUntil: validUntil && utcDay(validUntil),
    createdBy,
  };
}

function toBps(percentage: string): number {
  return Math.round(Number(percentage) * 100);
}
