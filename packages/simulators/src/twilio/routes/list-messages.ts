import type { Request, Response } from 'express';
import { z } from 'zod';
import { describeMistakes } from '../../common/describe-mistakes.ts';
import { messageView } from '../messages/message-view.ts';
import { errorBody } from '../twilio-error.ts';
import type { MessageRoutesDeps } from './message-routes.ts';

const dayMs = 24 * 60 * 60 * 1000;

const Query = z.strictObject({
  To: z.string().optional(),
  From: z.string().optional(),
  DateSent: z.iso.date().optional(),
  // `DateSent>=2026-03-01` in an address is the parameter `DateSent>`.
  'DateSent>': z.iso.date().optional(),
  'DateSent<': z.iso.date().optional(),
  PageSize: z.coerce.number().int().min(1).max(1000).default(50),
  Page: z.coerce.number().int().min(0).default(0),
  PageToken: z.string().optional(),
});

/** Answers a page of the account's messages, newest first. */
export function listMessages(deps: MessageRoutesDeps, request: Request, response: Response): void {
  const { state, faults, accountSid, now } = deps;
  const parsed = Query.safeParse(request.query);
  if (!parsed.success) {
    return void response.status(400).json(errorBody(400, 20001, describeMistakes(parsed.error)));
  }
  const { To, From, DateSent, PageSize, Page } = parsed.data;
  const midnight = (date: string | undefined) =>
    date === undefined ? null : Date.parse(`${date}T00:00:00Z`);
  const from = midnight(DateSent ?? parsed.data['DateSent>']);
  const last = midnight(DateSent ?? parsed.data['DateSent<']);
  const rows = state.messages.list({
    to: To ?? null,
    from: From ?? null,
    sentFrom: from,
    sentBefore: last === null ? null : last + dayMs,
    createdBefore: now().getTime() - faults.current().listingLagMs + 1,
    offset: Page * PageSize,
    limit: PageSize + 1,
  });
  const next = new URLSearchParams(
    Object.entries(request.query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  next.set('Page', String(Page + 1));
  next.set('PageToken', `PASM${Page + 1}`);
  const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
  response.json({
    messages: rows.slice(0, PageSize).map((row) => messageView(row, { ...deps, now: now() })),
    page: Page,
    page_size: PageSize,
    next_page_uri: rows.length > PageSize ? `${path}?${next}` : null,
    uri: path,
  });
}
