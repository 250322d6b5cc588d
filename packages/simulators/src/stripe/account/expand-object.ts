import { listPaymentsOf } from '../invoice-payments/invoice-payment.ts';
import type { ObjectTable } from '../state/object-table.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import { renderObject, shownOnRequest } from './render-object.ts';
import { stripeList } from './stripe-list.ts';

type Shown = Record<string, unknown>;

const depthMax = 4;
const embeddedMax = 10;

/** Returns an answer with the named fields expanded. Throws StripeRefusal for a field that cannot be. */
export function expandObject(objects: ObjectTable, answer: Shown, paths: string[]): Shown {
  for (const path of paths) {
    const names = path.split('.');
    if (names.length > depthMax + 1)
      throw invalidRequest(`You cannot expand more than ${depthMax} levels: ${path}`);
    expandPath(objects, answer, names, path);
  }
  return answer;
}

function expandPath(objects: ObjectTable, node: unknown, names: string[], path: string): void {
  if (Array.isArray(node)) {
    for (const item of node) expandPath(objects, item, names, path);
    return;
  }
  const [name, ...rest] = names;
  if (name === undefined || node === null || typeof node !== 'object') return;
  const parent = node as Shown;
  const value = parent[name] === undefined ? requested(objects, parent, name) : parent[name];
  if (value === undefined) throw cannotExpand(path);
  parent[name] = typeof value === 'string' ? referred(objects, value, path) : value;
  expandPath(objects, parent[name], rest, path);
}

function referred(objects: ObjectTable, id: string, path: string): Shown {
  const found = objects.findAny(id);
  if (found === undefined) throw cannotExpand(path);
  return renderObject(objects, found);
}

// Fields that answers leave out unless they are asked for.
function requested(objects: ObjectTable, parent: Shown, name: string): unknown {
  const id = String(parent.id);
  const stored = objects.findAny(id) as Shown | undefined;
  if (stored === undefined) return undefined;
  if (shownOnRequest[String(stored.object)]?.includes(name)) return stored[name] ?? null;
  switch (`${stored.object}.${name}`) {
    case 'invoice.payments':
      return stripeList(listPaymentsOf(objects, id), embeddedMax, '/v1/invoice_payments');
    case 'invoice.confirmation_secret':
      return confirmationSecret(objects, id);
    case 'customer.subscriptions':
      return stripeList(ofCustomer(objects, 'subscription', id), embeddedMax, '/v1/subscriptions');
    case 'customer.tax_ids':
      return stripeList(ofCustomer(objects, 'tax_id', id), embeddedMax, `/v1/customers/${id}/tax_ids`);
    default:
      return undefined;
  }
}

function ofCustomer(objects: ObjectTable, kind: 'subscription' | 'tax_id', id: string) {
  return objects.list(kind, { where: { '$.customer': id }, order: 'newest first', limit: embeddedMax + 1 });
}

function confirmationSecret(objects: ObjectTable, invoiceId: string): Shown | null {
  const payment = listPaymentsOf(objects, invoiceId).find(({ status }) => status === 'open')?.payment;
  const intent = payment && objects.find('payment_intent', payment.payment_intent);
  return intent ? { type: 'payment_intent', client_secret: intent.client_secret } : null;
}

function cannotExpand(path: string) {
  return invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' });
}
