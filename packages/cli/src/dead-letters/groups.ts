import { groupDeadLetters } from '@tollgate/shared/dead-letters/group-dead-letters.ts';
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

const head = ['FINGERPRINT', 'COUNT', 'REPLAYABLE', 'TENANTS', 'AT STAKE', 'FIRST', 'LAST', 'QUEUES'];

/** `dead-letters groups`: one line per cause. */
export const groupDeadLettersCommand = defineCommand({
  name: 'dead-letters groups',
  summary: 'Groups dead letters by their cause, with the money at stake.',
  flags: { ...filterFlags, state: stateFlag, limit: limitFlag, json: jsonFlag, database: databaseFlag },
  values: z.object({
    ...filterValues,
    state: stateValue,
    limit: limitValue,
    json: z.boolean().default(false),
    database: databaseValue,
  }),
  async run(surroundings, { state, limit, json, database, ...filter }) {
    const now = surroundings.clock.now();
    const groups = await withDatabase(surroundings, database, (prisma) =>
      groupDeadLetters(prisma, { ...toSelection(filter), state }, { limit, now }),
    );
    if (json) printJson(surroundings, groups);
    else {
      const rows = groups.map((group) => [
        group.fingerprint,
        String(group.count),
        String(group.replayable),
        String(group.tenants),
        formatAmounts(group.atStake),
        group.firstSeen.toISOString(),
        group.lastSeen.toISOString(),
        group.queues.join(', '),
      ]);
      surroundings.print(formatTable([head, ...rows]));
    }
    return 0;
  },
});
