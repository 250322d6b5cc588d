import type { HeldRoutes } from '@tollgate/shared/messages/held-messages.ts';
import { type MessageMode, messageModes } from '@tollgate/shared/messages/message.ts';
import { EVERY_COUNTRY, type ProviderRoute } from '@tollgate/shared/messages/provider-routes.ts';

/** What decides whether a provider may carry a message. */
export type Carrier = { name: string; carriesTests: boolean };

/**
 * Which held messages have a provider again, by country and mode; null where none has. Waking the others
 * too would have them claimed and held again at every turn.
 */
export function findOpenRoutes(
  rows: readonly ProviderRoute[],
  configured: readonly Carrier[],
  open: ReadonlySet<string>,
): HeldRoutes | null {
  const isOpen = (mode: MessageMode, names: readonly string[]) =>
    names.some((name) => {
      const carrier = configured.find((one) => one.name === name);
      return carrier !== undefined && open.has(name) && (mode === 'live' || carrier.carriesTests);
    });
  const own = rows.filter(({ country }) => country !== EVERY_COUNTRY);
  const everywhere = (mode: MessageMode) =>
    rows.find((row) => row.country === EVERY_COUNTRY && row.mode === mode)?.providers ??
    configured.map(({ name }) => name);
  const modes = messageModes.filter((mode) => isOpen(mode, everywhere(mode)));
  const key = ({ country, mode }: ProviderRoute) => `${country} ${mode}`;
  const included = own.filter(({ mode, providers }) => isOpen(mode, providers)).map(key);
  const excluded = own.filter(({ mode, providers }) => !isOpen(mode, providers)).map(key);
  return modes.length === 0 && included.length === 0 ? null : { modes, included, excluded };
}
