import { newStripeEvent, type StripeEvent } from '../events/stripe-event.ts';
import type { ThinEvent } from '../events/thin-event.ts';
import { newId } from '../new-id.ts';
import type { ObjectTable } from '../state/object-table.ts';
import type { StripeKinds } from '../state/stripe-kinds.ts';
import { noSuch } from '../wire/stripe-refusal.ts';
import { renderObject } from './render-object.ts';

/** What one call may do with the Stripe account: read objects, and change them with an event for every change. */
export interface Account {
  objects: ObjectTable;
  /** The instant of the call, in seconds. */
  now: number;
  /** Where the pages of this simulator are, without a slash at the end. */
  origin: string;
  /** The decline code with which every card payment fails, if the fault is on. */
  declineCode: string | undefined;
  newId(prefix: string): string;
  /** Stores an object; with null no event tells of it yet. */
  create<K extends keyof StripeKinds>(kind: K, object: StripeKinds[K], eventType: string | null): void;
  /** Stores changes of an object and returns it as it is then; with null no event tells of them. */
  update<K extends keyof StripeKinds>(
    kind: K,
    object: StripeKinds[K],
    changes: Partial<StripeKinds[K]>,
    eventType: string | null,
  ): StripeKinds[K];
  remove<K extends keyof StripeKinds>(kind: K, object: StripeKinds[K], eventType: string | null): void;
  emit<K extends keyof StripeKinds>(type: string, object: StripeKinds[K], previous?: object): void;
  emitThin(event: ThinEvent): void;
  /** Returns an object, or refuses: 404, or 400 when the id came as the named parameter. */
  get<K extends keyof StripeKinds>(kind: K, id: string, param?: string): StripeKinds[K];
}

export interface AccountDeps {
  objects: ObjectTable;
  now: number;
  origin: string;
  declineCode: string | undefined;
  requestId: string | null;
  idempotencyKey: string | null;
  /** Whether events are posted anywhere. */
  isPosting: boolean;
}

/** Returns the account for one call and the lists its events are collected in. */
export function openAccount(deps: AccountDeps): {
  account: Account;
  events: StripeEvent[];
  thinEvents: ThinEvent[];
} {
  const { objects, now } = deps;
  const events: StripeEvent[] = [];
  const thinEvents: ThinEvent[] = [];
  const account: Account = {
    objects,
    now,
    origin: deps.origin,
    declineCode: deps.declineCode,
    newId,
    create: (kind, object, eventType) => {
      objects.insert(kind, object, now);
      if (eventType !== null) account.emit(eventType, object);
    },
    update: (kind, object, changes, eventType) => {
      const updated = { ...object, ...changes };
      const previous = previousOf(object, changes);
      if (Object.keys(previous).length === 0) return updated;
      objects.save(kind, updated);
      if (eventType !== null) account.emit(eventType, updated, tellsBefore(eventType) ? previous : undefined);
      return updated;
    },
    remove: (kind, object, eventType) => {
      if (eventType !== null) account.emit(eventType, object);
      objects.remove(kind, object.id);
    },
    emit: (type, object, previous) => {
      const event = newStripeEvent({
        id: newId('evt'),
        type,
        created: now,
        object: renderObject(objects, object),
        previous,
        requestId: deps.requestId,
        idempotencyKey: deps.idempotencyKey,
        isPosted: deps.isPosting,
      });
      objects.insert('event', event, now);
      events.push(event);
    },
    emitThin: (event) => {
      objects.insert('v2.core.event', event, now);
      thinEvents.push(event);
    },
    get: (kind, id, param) => {
      const found = objects.find(kind, id);
      if (found === undefined) throw noSuch(kind, id, param);
      return found;
    },
  };
  return { account, events, thinEvents };
}

// A means of payment that was removed says only there whose it was.
function tellsBefore(eventType: string): boolean {
  return eventType.endsWith('.updated') || eventType === 'payment_method.detached';
}

function previousOf<Value extends object>(before: Value, changes: Partial<Value>): Partial<Value> {
  const names = (Object.keys(changes) as (keyof Value)[]).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(changes[name]),
  );
  return Object.fromEntries(names.map((name) => [name, before[name] ?? null])) as Partial<Value>;
}
