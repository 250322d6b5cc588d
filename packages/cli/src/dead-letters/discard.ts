import { discardDeadLetters, dryRunDiscard } from '@tollgate/shared/dead-letters/discard-dead-letters.ts';
import { createMirror } from '@tollgate/shared/dead-letters/mirror.ts';
import { publicId } from '@tollgate/shared/ids/ids.ts';
import { z } from 'zod';
import { actorOf } from '../actor.ts';
import { defineCommand } from '../command.ts';
import { databaseFlag, databaseValue, withDatabase } from '../with-database.ts';
import { withQueue } from '../with-queue.ts';
import { formatReport } from './format-report.ts';
import { printJson } from './print-json.ts';
import { filterFlags, filterValues, idFlag, jsonFlag, toNarrowSelection } from './selection-flags.ts';

const reasonError = 'is needed: 3 to 500 characters for the audit';

/** `dead-letters discard`: nothing of the letters is done again. */
export const discardCommand = defineCommand({
  name: 'dead-letters discard',
  summary: 'Gives work up for good, with a reason; the queue needs QUEUE_URL.',
  flags: {
    id: idFlag,
    ...filterFlags,
    reason: { type: 'string', placeholder: 'text', summary: 'Why, for the audit' },
    'dry-run': { type: 'boolean', summary: 'Only say what would happen' },
    json: jsonFlag,
    database: databaseFlag,
  },
  values: z.object({
    id: publicId('dlq').optional(),
    ...filterValues,
    reason: z.string({ error: reasonError }).min(3, { error: reasonError }).max(500, { error: reasonError }),
    'dry-run': z.boolean().default(false),
    json: z.boolean().default(false),
    database: databaseValue,
  }),
  async run(surroundings, { reason, 'dry-run': dryRun, json, database, ...filter }) {
    const selection = toNarrowSelection(filter);
    const { clock } = surroundings;
    const request = { selection, reason, actor: actorOf(surroundings) };
    const report = await withDatabase(surroundings, database, (prisma) =>
      dryRun
        ? dryRunDiscard({ prisma, clock }, selection)
        : withQueue(surroundings, (queues) =>
            discardDeadLetters({ prisma, clock, mirror: createMirror(queues) }, request),
          ),
    );
    if (json) printJson(surroundings, report);
    else surroundings.print(formatReport(report, 'discard'));
    return 0;
  },
});
