import { Router } from 'express';
import { z } from 'zod';
import type { RequestCounter } from '../../common/count-requests.ts';
import { describeMistakes } from '../../common/describe-mistakes.ts';
import type { FaultSwitches } from '../faults/fault-switches.ts';
import { normalisePhone } from '../messages/normalise-phone.ts';
import { normaliseTags } from '../messages/normalise-tags.ts';
import type { SimulatorEvent } from '../simulator-event.ts';
import type { MessageRow } from '../state/message-table.ts';
import type { State } from '../state/open-state.ts';
import { authenticate } from './authenticate.ts';
import { bendLookups } from './bend-lookups.ts';
import { contactRoutes } from './contact-routes.ts';
import { listingView, statusView } from './message-views.ts';
import { refuseErrors } from './refuse-errors.ts';

const pageSize = 100;
const dayMs = 24 * 60 * 60 * 1000;
const unlimitedCredit = 1_000_000;

// The settings that both account calls repeat.
const account = { vat: '1', currency: 'czk', tz: 'Europe/Prague' };

const MessageQuery = z.strictObject({ id: z.string().min(1) });

const MessagesQuery = z.strictObject({
  date: z.iso.date(),
  tag: z.string().optional(),
  phone_number: z.string().optional(),
  subid: z.string().optional(),
  cursor: z
    .string()
    .regex(/^c\d{1,15}$/)
    .optional(),
});

export interface RestRoutesDeps {
  apiKey: string;
  faults: FaultSwitches;
  counter: RequestCounter;
  state: State;
  now: () => Date;
  onEvent: (event: SimulatorEvent) => void;
}

/** Returns the routes of REST API v1 that a gateway needs: look-up, listing, account and contact lists. */
export function restRoutes(deps: RestRoutesDeps): Router {
  const { state, faults } = deps;
  const router = Router();
  router.use(authenticate(deps.apiKey, 'message'));
  router.use(bendLookups(faults, deps.counter));

  router.get('/message', (request, response) => {
    const query = MessageQuery.safeParse(request.query);
    if (!query.success) return void response.status(400).json({ message: describeMistakes(query.error) });
    const row = state.messages.find(query.data.id);
    response.json({ success: true, message: row ? statusView(row) : null });
  });

  router.get('/messages', (request, response) => {
    const query = MessagesQuery.safeParse(request.query);
    if (!query.success) return void response.status(400).json({ message: describeMistakes(query.error) });
    const rows = listPage(deps, query.data);
    const last = rows.length > pageSize ? rows[pageSize - 1] : undefined;
    response.json({
      success: true,
      messages: rows.slice(0, pageSize).map(listingView),
      next_cursor: last ? `c${last.seq}` : null,
    });
  });

  router.get('/credit', (_request, response) => {
    const credit = String(faults.current().credit ?? unlimitedCredit);
    const body = { priceLevels: {}, credit_czk: credit, credit_eur: '0', billing_id: '1', ...account };
    response.json({ success: true, credit: body });
  });

  router.get('/apikey/me', (_request, response) => {
    const key = { note: 'simulator', default_callback_url: '', account: 'prepaid', scope: 'full' };
    response.json({
      success: true,
      me: { ...key, share_senders: '0', is_blocked: 0, senders: [], ...account },
    });
  });

  router.use(contactRoutes(state.contacts));
  router.use((_request, response) => void response.status(404).json({ message: 'Not Found' }));
  router.use(refuseErrors('message', deps.onEvent));
  return router;
}

// One row more than a page tells whether there is another page. Days are days in UTC; the provider does not say.
function listPage(
  { state, faults, now }: RestRoutesDeps,
  query: z.output<typeof MessagesQuery>,
): MessageRow[] {
  if ((query.subid ?? 'default') !== 'default') return [];
  const midnight = Date.parse(`${query.date}T00:00:00Z`);
  const settled = now().getTime() - faults.current().listingLagMs + 1;
  return state.messages.list({
    acceptedFrom: midnight,
    acceptedBefore: Math.min(midnight + dayMs, settled),
    tag: query.tag === undefined ? null : normaliseTags(query.tag),
    phoneNumber: query.phone_number === undefined ? null : normalisePhone(query.phone_number),
    afterSeq: Number(query.cursor?.slice(1) ?? 0),
    limit: pageSize + 1,
  });
}
