import { z } from 'zod';
import type { ReadEvents } from '../sms-provider.ts';
import { readInbound } from './read-inbound.ts';
import { readReport } from './read-report.ts';

const Incoming = z.object({ type: z.literal('incoming') });

/**
 * Reads a webhook's body: an array that may mix delivery reports with inbound messages. One event
 * that cannot be read does not spoil its neighbours. `attemptOfUrl` stands in where a report comes
 * alone and without the payload that we sent along.
 */
export function readEvents(body: unknown, attemptOfUrl: string | null): ReadEvents {
  const events: unknown[] = Array.isArray(body) ? body : [body];
  const [incoming, outgoing] = [events.filter(isIncoming), events.filter((event) => !isIncoming(event))];
  const standIn = events.length === 1 ? attemptOfUrl : null;
  const reports = outgoing.flatMap((event) => readReport(event, standIn) ?? []);
  const inbound = incoming.flatMap((event) => readInbound(event, standIn) ?? []);
  return { reports, inbound, ignored: events.length - reports.length - inbound.length };
}

function isIncoming(event: unknown): boolean {
  return Incoming.safeParse(event).success;
}
