import { sumAmounts } from '@tollgate/shared/dead-letters/report.ts';
import { type ShownDeadLetter, showDeadLetter } from '@tollgate/shared/dead-letters/show-dead-letter.ts';
import { publicId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { formatTable } from '../format-table.ts';
import { databaseFlag, databaseValue, withDatabase } from '../with-database.ts';
import { readDataKeys } from './data-keys.ts';
import { formatAmounts } from './format-report.ts';
import { printJson } from './print-json.ts';
import { idFlag, jsonFlag } from './selection-flags.ts';

/** `dead-letters show`: 1 when there is no such letter. */
export const showDeadLetterCommand = defineCommand({
  name: 'dead-letters show',
  summary: 'Shows one dead letter with its audit, and what a replay would do.',
  flags: { id: idFlag, json: jsonFlag, database: databaseFlag },
  values: z.object({ id: publicId('dlq'), json: z.boolean().default(false), database: databaseValue }),
  async run(surroundings, { id, json, database }) {
    const dataKeys = readDataKeys(surroundings);
    const letter = await withDatabase(surroundings, database, (prisma) =>
      showDeadLetter({ prisma, dataKeys }, id, surroundings.clock.now()),
    );
    if (!letter) {
      surroundings.print(`There is no dead letter ${toPublicId('dlq', id)}.\n`);
      return 1;
    }
    if (json) printJson(surroundings, letter);
    else surroundings.print(formatLetter(letter));
    return 0;
  },
});

function formatLetter(letter: ShownDeadLetter): string {
  const facts = [
    ['id', toPublicId('dlq', letter.id)],
    ['state', letter.state],
    ['queue', letter.queue],
    ['payload', JSON.stringify(letter.payload)],
    ['failure', `${letter.failureClass}: ${letter.failureDetail}`],
    ['fingerprint', letter.fingerprint],
    ['attempts', String(letter.attempts)],
    ['at stake', formatAmounts(sumAmounts(letter.stakes))],
    ['tenants', letter.stakes.map(({ tenantId }) => toPublicId('tnt', tenantId)).join(', ')],
    ...(letter.messageId === null ? [] : [['message', toPublicId('msg', letter.messageId)]]),
    ...(letter.replayedAs === null ? [] : [['replayed as', toPublicId('msg', letter.replayedAs)]]),
    ...(letter.replay === null ? [] : [['replay', letter.replay.detail]]),
  ];
  const audit = letter.actions.map(({ at, action, actor, reason }) => [
    at.toISOString(),
    action,
    actor,
    reason ?? '',
  ]);
  return `${formatTable(facts)}\n${formatTable([['WHEN', 'WHAT', 'WHO', 'WHY'], ...audit])}`;
}
