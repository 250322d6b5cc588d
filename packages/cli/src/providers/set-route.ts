import { messageModes } from '@tollgate/shared/messages/message.ts';
import { EVERY_COUNTRY, removeRoute, setRoute } from '@tollgate/shared/messages/provider-routes.ts';
import { listProviders } from '@tollgate/shared/messages/provider-status.ts';
import { z } from 'zod';
import { actorOf } from '../actor.ts';
import { defineCommand, UsageError } from '../command.ts';
import { databaseFlag, databaseValue, withDatabase } from '../with-database.ts';

const AS_CONFIGURED = 'default';

const Country = z
  .string({ error: 'is missing' })
  .regex(/^([A-Z]{2}|every)$/, { error: 'must be two capital letters, or "every" for all without a route' })
  .transform((country) => (country === 'every' ? EVERY_COUNTRY : country));

const Names = z
  .string({ error: 'is missing' })
  .transform((text) => text.split(',').map((name) => name.trim()))
  .refine((names) => names.every((name) => name !== '') && new Set(names).size === names.length, {
    error: 'must be names with commas between them, each once',
  });

/** `provider route`: what is sent from now on follows it. */
export const setRouteCommand = defineCommand({
  name: 'provider route',
  summary: 'Sets which providers messages to a country go to, the first that can take them.',
  flags: {
    country: {
      type: 'string',
      placeholder: 'code',
      summary: 'Such as SK, or "every" for all without a route',
    },
    mode: { type: 'string', placeholder: 'mode', summary: 'live (default) or test' },
    providers: {
      type: 'string',
      placeholder: 'names',
      summary: 'Such as twilio,sms-manager, or "default" to take the route away',
    },
    database: databaseFlag,
  },
  values: z.object({
    country: Country,
    mode: z.enum(messageModes, { error: 'must be live or test' }).default('live'),
    providers: Names,
    database: databaseValue,
  }),
  run: (surroundings, { country, mode, providers, database }) =>
    withDatabase(surroundings, database, async (prisma) => {
      if (providers.length === 1 && providers[0] === AS_CONFIGURED) {
        const removed = await removeRoute(prisma, { country, mode });
        surroundings.print(removed ? 'The route is gone.\n' : 'There was no such route.\n');
        return removed ? 0 : 1;
      }
      const known = (await listProviders(prisma)).map(({ provider }) => provider);
      const stranger = providers.find((name) => !known.includes(name));
      if (stranger !== undefined) {
        throw new UsageError(`--providers names ${stranger}; known are ${known.join(', ') || 'none yet'}`);
      }
      const at = surroundings.clock.now();
      await setRoute(prisma, { country, mode, providers }, { at, by: actorOf(surroundings) });
      surroundings.print('From the next message on.\n');
      return 0;
    }),
});
