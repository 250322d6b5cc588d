import { reconcile } from '@tollgate/shared/reconciliation/reconcile.ts';
import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { databaseFlag, databaseValue, withDatabase } from '../with-database.ts';
import { formatReport } from './format-report.ts';

/** `reconcile`: 0 when the books are right, 1 when they are not. */
export const reconcileCommand = defineCommand({
  name: 'reconcile',
  summary: 'Checks on one snapshot, without writing, that the books agree with themselves.',
  flags: {
    json: { type: 'boolean', summary: 'Print the report as JSON' },
    database: databaseFlag,
  },
  values: z.object({ json: z.boolean().default(false), database: databaseValue }),
  run: (surroundings, { json, database }) =>
    withDatabase(surroundings, database, async (prisma) => {
      const report = await reconcile(prisma, surroundings.clock.now());
      surroundings.print(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
      return report.discrepancyCount === 0 ? 0 : 1;
    }),
});
