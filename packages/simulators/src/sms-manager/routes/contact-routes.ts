import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { describeMistakes } from '../../common/describe-mistakes.ts';
import { isDialable, normalisePhone } from '../messages/normalise-phone.ts';
import type { ContactList, ContactTable } from '../state/contact-table.ts';

const bodyBytesMax = 1024 * 1024;
const lists: ContactList[] = ['blacklist', 'optout'];

const Addition = z.strictObject({ to: z.string().min(1), subid: z.string().optional() });
const Removal = z
  .strictObject({
    to: z.string().min(1).optional(),
    all: z.boolean().optional(),
    subid: z.string().optional(),
  })
  .refine(({ to, all }) => all === true || to !== undefined, 'to or all is required');

/** Returns the routes that add numbers to and remove them from `/blacklist` and `/optout`. */
export function contactRoutes(contacts: ContactTable): Router {
  const router = Router();
  router.use(express.json({ limit: bodyBytesMax, type: 'application/json' }));
  for (const list of lists) {
    router.post(`/${list}`, (request, response) => addNumbers(contacts, list, request, response));
    router.delete(`/${list}`, (request, response) => removeNumbers(contacts, list, request, response));
  }
  return router;
}

function addNumbers(contacts: ContactTable, list: ContactList, request: Request, response: Response): void {
  const body = Addition.safeParse(request.body);
  if (!body.success) {
    response.status(400).json({ success: false, message: describeMistakes(body.error) });
    return;
  }
  const { valid, invalid } = readNumbers(body.data.to);
  if (valid.length === 0) {
    response.status(400).json({ success: false, message: 'No valid phone numbers', invalid });
    return;
  }
  contacts.add(list, valid);
  response.json({ success: true, accepted: valid.length, invalid });
}

function removeNumbers(
  contacts: ContactTable,
  list: ContactList,
  request: Request,
  response: Response,
): void {
  const body = Removal.safeParse(request.body);
  if (!body.success) {
    response.status(400).json({ success: false, [list]: { message: describeMistakes(body.error) } });
    return;
  }
  if (contacts.count(list) === 0) {
    response.status(404).json({ success: false, [list]: { message: 'Not found' } });
    return;
  }
  if (body.data.all === true) {
    contacts.clear(list);
    response.json({ success: true, [list]: { wiped: true } });
    return;
  }
  const { valid, invalid } = readNumbers(body.data.to ?? '');
  const removed = contacts.remove(list, valid);
  response.json({ success: true, [list]: { removed, remaining: contacts.count(list), invalid } });
}

function readNumbers(lines: string): { valid: string[]; invalid: string[] } {
  const given = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return {
    valid: given.map(normalisePhone).filter(isDialable),
    invalid: given.filter((line) => !isDialable(normalisePhone(line))),
  };
}
