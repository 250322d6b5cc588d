import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import type { CheckResult } from '@tollgate/shared/reconciliation/reconcile.ts';
import { reconcile } from '@tollgate/shared/reconciliation/reconcile.ts';
import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { compareWithStripe } from '@tollgate/shared/stripe/compare-with-stripe.ts';
import { createStripe } from '@tollgate/shared/stripe/stripe-client.ts';
import { stripeConfig } from '@tollgate/shared/stripe/stripe-config.ts';
import { DAY_MS } from '@tollgate/shared/time/durations.ts';
import { z } from 'zod';
import { defineCommand, type Surroundings } from '../command.ts';
import { databaseFlag, databaseValue, withDatabase } from '../with-database.ts';
import { formatReport } from './format-report.ts';

const STRIPE_LOOK_BACK_DAYS = 70;

/** `reconcile`: 0 when the books are right, 1 when they are not. */
export const reconcileCommand = defineCommand({
  name: 'reconcile',
  summary: 'Checks on one snapshot, without writing, that the books agree with themselves.',
  flags: {
    json: { type: 'boolean', summary: 'Print the report as JSON' },
    stripe: { type: 'boolean', summary: 'Compare with Stripe too, by STRIPE_SECRET_KEY' },
    database: databaseFlag,
  },
  values: z.object({
    json: z.boolean().default(false),
    stripe: z.boolean().default(false),
    database: databaseValue,
  }),
  run: (surroundings, { json, stripe, database }) =>
    withDatabase(surroundings, database, async (prisma) => {
      const own = await reconcile(prisma, surroundings.clock.now());
      const checks = stripe ? [...own.checks, await compare(surroundings, prisma)] : own.checks;
      const discrepancyCount = checks.reduce((sum, { discrepancies }) => sum + discrepancies.length, 0);
      const report = { checks, discrepancyCount };
      surroundings.print(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
      return discrepancyCount === 0 ? 0 : 1;
    }),
});

async function compare({ environment, clock }: Surroundings, prisma: PrismaClient): Promise<CheckResult> {
  const config = readConfig(z.object(stripeConfig), environment);
  const stripe = createStripe({ secretKey: config.STRIPE_SECRET_KEY, apiBase: config.STRIPE_API_BASE });
  const startedAt = performance.now();
  const since = new Date(clock.now().getTime() - STRIPE_LOOK_BACK_DAYS * DAY_MS);
  const differences = await compareWithStripe({ prisma, clock, stripe }, { since });
  return {
    name: 'pushes-are-at-stripe',
    statement:
      'What was pushed to Stripe is there once, as it was asked for, and nothing else with our metadata.',
    discrepancies: differences.map(({ kind, subject, tenantId, detail }) => ({
      subject,
      tenantId,
      detail: `${kind}: ${detail}`,
    })),
    durationMs: Math.round(performance.now() - startedAt),
  };
}
