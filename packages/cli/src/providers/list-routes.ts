import { EVERY_COUNTRY, type ProviderRoute, readRoutes } from '@tollgate/shared/messages/provider-routes.ts';
import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { formatTable } from '../format-table.ts';
import { databaseFlag, databaseValue, withDatabase } from '../with-database.ts';

/** `provider routes`. */
export const listRoutesCommand = defineCommand({
  name: 'provider routes',
  summary: 'Lists which providers messages to a country go to, where that was set.',
  flags: { database: databaseFlag },
  values: z.object({ database: databaseValue }),
  run: (surroundings, { database }) =>
    withDatabase(surroundings, database, async (prisma) => {
      const routes = await readRoutes(prisma);
      surroundings.print(
        routes.length === 0 ? 'None set: as configured.\n' : formatTable([head, ...routes.map(toRow)]),
      );
      return 0 as const;
    }),
});

const head = ['COUNTRY', 'MODE', 'PROVIDERS'];

function toRow({ country, mode, providers }: ProviderRoute): string[] {
  return [country === EVERY_COUNTRY ? 'every other' : country, mode, providers.join(', ')];
}
