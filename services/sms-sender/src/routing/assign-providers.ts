import type { ProviderHistory } from '@tollgate/shared/messages/claim-messages.ts';
import type { Admission } from '../providers/sms-provider.ts';
import type { Routable, Routes } from './routes.ts';

export type AssignableMessage = Routable & { history: readonly ProviderHistory[] };

/** What a provider may be given now. */
export type ProviderStanding = { admission: Admission; isBlocked: boolean; carriesTests: boolean };

export type Assignments<Message> = {
  assigned: readonly { message: Message; provider: string }[];
  /** Nobody may take it now. `until` is when it is looked at again; null for a block, whose end wakes it. */
  waiting: readonly { message: Message; until: Date | null }[];
  /** Every provider of its route has refused to carry it, or can not. */
  stranded: readonly Message[];
};

/**
 * Gives each message to the first provider of its route that may take it now. One where it was certainly
 * not taken comes after the others; a blocked or silent one is passed over. Whoever probes a silent
 * provider is one message of the batch.
 */
export function assignProviders<Message extends AssignableMessage>(
  messages: readonly Message[],
  routes: Routes,
  standings: ReadonlyMap<string, ProviderStanding>,
): Assignments<Message> {
  const assigned: { message: Message; provider: string }[] = [];
  const waiting: { message: Message; until: Date | null }[] = [];
  const stranded: Message[] = [];
  const probed = new Set<string>();
  for (const message of messages) {
    const candidates = candidatesOf(message, routes(message), standings);
    if (candidates.length === 0) {
      stranded.push(message);
      continue;
    }
    const provider = candidates.find((name) => isAdmitted(standings.get(name), probed.has(name)));
    if (provider === undefined) {
      waiting.push({ message, until: nextLookAt(candidates, standings) });
      continue;
    }
    if (standings.get(provider)?.admission.kind === 'probe') probed.add(provider);
    assigned.push({ message, provider });
  }
  return { assigned, waiting, stranded };
}

/** Who could carry it at all, fewest setbacks first. One that is not configured just now may come back. */
function candidatesOf(
  { mode, history }: AssignableMessage,
  route: readonly string[],
  standings: ReadonlyMap<string, ProviderStanding>,
): readonly string[] {
  const past = (name: string) => history.find(({ provider }) => provider === name);
  const able = route.filter((name) => {
    const carriesMode = mode === 'live' || (standings.get(name)?.carriesTests ?? true);
    return carriesMode && !past(name)?.isUnroutable;
  });
  return able.toSorted((a, b) => (past(a)?.setbacks ?? 0) - (past(b)?.setbacks ?? 0));
}

function isAdmitted(standing: ProviderStanding | undefined, isProbed: boolean): boolean {
  if (standing === undefined || standing.isBlocked) return false;
  switch (standing.admission.kind) {
    case 'all':
      return true;
    case 'probe':
      return !isProbed;
    case 'none':
      return false;
  }
}

function nextLookAt(
  candidates: readonly string[],
  standings: ReadonlyMap<string, ProviderStanding>,
): Date | null {
  const looks = candidates.flatMap((name) => {
    const standing = standings.get(name);
    if (standing === undefined || standing.isBlocked || standing.admission.kind === 'all') return [];
    return [standing.admission.until];
  });
  return looks.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}
