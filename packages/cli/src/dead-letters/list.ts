import { listDeadLetters } from '@tollgate/shared/dead-letters/list-dead-letters.ts';
import { sumAmounts } from '@tollgate/shared/dead-letters/report.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { formatTable } from '../format-table.ts';
import { databaseFlag, databaseValue, withDatabase } from '../with-database.ts';
import { formatAmounts } from './format-report.ts';
import { limitFlag, limitValue } from './limit-flag.ts';
import { printJson } from './print-json.ts';
import {
  filterFlags,
  filterValues,
  jsonFlag,
  stateFlag,
  stateValue,
  toSelection,
} from './selection-flags.ts';

/** `dead-letters list`: the newest first. */
export const listDeadLettersCommand = defineCommand({
  name: 'dead-letters list',
  summary: 'Lists work that was given up, the newest first.',
  flags: { ...filterFlags, state: stateFlag, limit: limitFlag, json: jsonFlag, database: databaseFlag },
  values: z.object({
    ...filterValues,
    state: stateValue,
    limit: limitValue,
    json: z.boolean().default(false),
    database: databaseValue,
  }),
  async run(surroundings, { state, limit, json, database, ...filter }) {
    const letters = await withDatabase(surroundings, database, (prisma) =>
      listDeadLetters(prisma, { ...toSelection(filter), state }, { limit }),
    );
    if (json) printJson(surroundings, letters);
    else {
      const rows = letters.map((letter) => [
        toPublicId('dlq', letter.id),
        letter.createdAt.toISOString(),
        letter.state,
        letter.queue,
        letter.failureClass,
        formatAmounts(sumAmounts(letter.stakes)),
      ]);
      surroundings.print(formatTable([['ID', 'BURIED', 'STATE', 'QUEUE', 'CLASS', 'AT STAKE'], ...rows]));
    }
    return 0;
  },
});
