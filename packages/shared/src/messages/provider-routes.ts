import type { Db } from '../runtime/database.ts';
import type { MessageMode } from './message.ts';

/** The country of the route for every country that has none of its own. */
export const EVERY_COUNTRY = '*';

/** Which providers messages to a country go to: the first that can take them, in this order. */
export type ProviderRoute = {
  /** ISO 3166-1 alpha-2, or `*`. */
  country: string;
  mode: MessageMode;
  providers: readonly string[];
};

/** Every route that operators have set. */
export function readRoutes(db: Db): Promise<ProviderRoute[]> {
  return db.$queryRaw<ProviderRoute[]>`
    SELECT country, mode, providers FROM provider_routes ORDER BY country, mode`;
}

/** Sets the route of a country and mode; what is sent from now on follows it. */
export async function setRoute(
  db: Db,
  { country, mode, providers }: ProviderRoute,
  { at, by }: { at: Date; by: string },
): Promise<void> {
  const own = { providers: [...providers], changedAt: at, changedBy: by };
  await db.providerRoute.upsert({
    where: { country_mode: { country, mode } },
    create: { country, mode, ...own },
    update: own,
  });
}

/** Takes a route away; returns whether there was one. */
export async function removeRoute(
  db: Db,
  { country, mode }: Pick<ProviderRoute, 'country' | 'mode'>,
): Promise<boolean> {
  const { count } = await db.providerRoute.deleteMany({ where: { country, mode } });
  return count > 0;
}
