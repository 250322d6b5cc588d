import type { MessageMode } from '@tollgate/shared/messages/message.ts';
import { EVERY_COUNTRY, type ProviderRoute } from '@tollgate/shared/messages/provider-routes.ts';

/** What a route is chosen by. */
export type Routable = { country: string; mode: MessageMode };

/** The names of the providers that a message goes to, the first that can take it; never empty. */
export type Routes = (message: Routable) => readonly string[];

/** The message's own country's route, else the one for every country, else the providers as they are configured. */
export function createRoutes(rows: readonly ProviderRoute[], configured: readonly string[]): Routes {
  const byKey = new Map(rows.map(({ country, mode, providers }) => [`${country} ${mode}`, providers]));
  return ({ country, mode }) =>
    byKey.get(`${country} ${mode}`) ?? byKey.get(`${EVERY_COUNTRY} ${mode}`) ?? configured;
}
