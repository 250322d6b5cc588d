import { resumeProvider } from '@tollgate/shared/messages/provider-status.ts';
import { z } from 'zod';
import { actorOf } from '../actor.ts';
import { defineCommand } from '../command.ts';
import { databaseFlag, databaseValue, withDatabase } from '../with-database.ts';

/** `provider resume`: 1 when it was not blocked. */
export const resumeProviderCommand = defineCommand({
  name: 'provider resume',
  summary: 'Lets a blocked provider be called again; its messages are on their way within seconds.',
  flags: {
    name: { type: 'string', placeholder: 'provider', summary: 'As provider list shows it' },
    database: databaseFlag,
  },
  values: z.object({ name: z.string({ error: 'is missing' }).min(1), database: databaseValue }),
  run: (surroundings, { name, database }) =>
    withDatabase(surroundings, database, async (prisma) => {
      const at = surroundings.clock.now();
      const resumed = await resumeProvider(prisma, { provider: name, at, by: actorOf(surroundings) });
      surroundings.print(resumed ? `${name} is open again.\n` : `${name} was not blocked.\n`);
      return resumed ? 0 : 1;
    }),
});
