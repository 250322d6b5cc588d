import { createMirror } from '@tollgate/shared/dead-letters/mirror.ts';
import {
  dryRunReplay,
  RATE_DEFAULT,
  RATE_MAX,
  replayDeadLetters,
} from '@tollgate/shared/dead-letters/replay-dead-letters.ts';
import { publicId } from '@tollgate/shared/ids/ids.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import { z } from 'zod';
import { actorOf } from '../actor.ts';
import { defineCommand } from '../command.ts';
import { databaseFlag, databaseValue, withDatabase } from '../with-database.ts';
import { withQueue } from '../with-queue.ts';
import { readDataKeys } from './data-keys.ts';
import { formatReport } from './format-report.ts';
import { printJson } from './print-json.ts';
import { filterFlags, filterValues, idFlag, jsonFlag, toNarrowSelection } from './selection-flags.ts';

const rateError = `must be a whole number from 1 to ${RATE_MAX}`;

/** `dead-letters replay`: 1 when some were refused and stay open. */
export const replayCommand = defineCommand({
  name: 'dead-letters replay',
  summary: 'Does given up work again, at a rate; messages need MASTER_KEY, the queue QUEUE_URL.',
  flags: {
    id: idFlag,
    ...filterFlags,
    rate: { type: 'string', placeholder: 'count', summary: `Letters a second; ${RATE_DEFAULT} by default` },
    'dry-run': { type: 'boolean', summary: 'Only say what would happen' },
    reason: { type: 'string', placeholder: 'text', summary: 'For the audit' },
    json: jsonFlag,
    database: databaseFlag,
  },
  values: z.object({
    id: publicId('dlq').optional(),
    ...filterValues,
    rate: z.coerce
      .number({ error: rateError })
      .int({ error: rateError })
      .min(1, { error: rateError })
      .max(RATE_MAX, { error: rateError })
      .default(RATE_DEFAULT),
    'dry-run': z.boolean().default(false),
    reason: z.string().max(500, { error: 'must have at most 500 characters' }).optional(),
    json: z.boolean().default(false),
    database: databaseValue,
  }),
  async run(surroundings, { rate, 'dry-run': dryRun, reason, json, database, ...filter }) {
    const selection = toNarrowSelection(filter);
    const { clock } = surroundings;
    const dataKeys = readDataKeys(surroundings);
    const request = { selection, rate, actor: actorOf(surroundings), reason };
    const report = await withDatabase(surroundings, database, (prisma) =>
      dryRun
        ? dryRunReplay({ prisma, clock, dataKeys }, request)
        : withQueue(surroundings, (queues) =>
            replayDeadLetters(
              { prisma, clock, dataKeys, producer: createProducer(queues), mirror: createMirror(queues) },
              request,
            ),
          ),
    );
    if (json) printJson(surroundings, report);
    else surroundings.print(formatReport(report, 'replay'));
    return report.refused.length === 0 ? 0 : 1;
  },
});
