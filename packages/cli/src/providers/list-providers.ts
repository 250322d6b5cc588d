import { countHeldMessages } from '@tollgate/shared/messages/held-messages.ts';
import { listProviders, type ProviderState } from '@tollgate/shared/messages/provider-status.ts';
import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { formatTable } from '../format-table.ts';
import { databaseFlag, databaseValue, withDatabase } from '../with-database.ts';

/** `provider list`: 1 when one is blocked. */
export const listProvidersCommand = defineCommand({
  name: 'provider list',
  summary: 'Lists the SMS providers; a blocked one keeps its messages waiting.',
  flags: { database: databaseFlag },
  values: z.object({ database: databaseValue }),
  run: (surroundings, { database }) =>
    withDatabase(surroundings, database, async (prisma) => {
      const providers = await listProviders(prisma);
      surroundings.print(formatTable([head, ...providers.map(toRow)]));
      const held = await countHeldMessages(prisma, 'provider');
      if (held > 0) surroundings.print(`${held} messages wait for their provider.\n`);
      return providers.some(({ block }) => block) ? 1 : 0;
    }),
});

const head = ['PROVIDER', 'STATE', 'SINCE', 'NEXT LOOK', 'REASON'];

function toRow({ provider, block, resumedAt }: ProviderState): string[] {
  if (!block) return [provider, 'open', resumedAt?.toISOString() ?? '', '', ''];
  return [provider, 'blocked', block.blockedAt.toISOString(), block.nextCheckAt.toISOString(), block.reason];
}
