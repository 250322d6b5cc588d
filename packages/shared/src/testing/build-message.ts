import { seal } from '../encryption/seal.ts';
import { newId } from '../ids/ids.ts';
import { defaultValidityMs } from '../messages/categories.ts';
import { insertMessages } from '../messages/insert-messages.ts';
import type { NewMessage } from '../messages/message.ts';
import type { Db } from '../runtime/database.ts';
import { type TestTenant, testDataKeys, testNow } from './build-tenant.ts';

export type MessageOverrides = Partial<Omit<NewMessage, 'tenantId' | 'bodyEncrypted'>> & { body?: string };

/** Accepted messages of the tenant, due at once, one per override. */
export async function buildMessages(
  db: Db,
  tenant: TestTenant,
  overrides: readonly MessageOverrides[],
): Promise<NewMessage[]> {
  const messages = overrides.map((override) => newMessage(tenant, override));
  await insertMessages(db, messages);
  return messages;
}

/** One accepted message of the tenant: one segment at 1.50, due at once. */
export async function buildMessage(
  db: Db,
  tenant: TestTenant,
  overrides: MessageOverrides = {},
): Promise<NewMessage> {
  const message = newMessage(tenant, overrides);
  await insertMessages(db, [message]);
  return message;
}

/** An accepted message of the tenant, not stored yet. */
export function newMessage(tenant: TestTenant, overrides: MessageOverrides): NewMessage {
  const { body = 'Your parcel is ready.', ...given } = overrides;
  const id = given.id ?? newId();
  const acceptedAt = given.acceptedAt ?? testNow;
  const category = given.category ?? 'transactional';
  return {
    id,
    tenantId: tenant.id,
    mode: 'live',
    category,
    recipient: '+420777123456',
    country: 'CZ',
    sender: null,
    bodyEncrypted: seal(testDataKeys.open(tenant.id, tenant.dataKeyWrapped), body, id),
    encoding: 'gsm7',
    segments: 1,
    currency: tenant.currency,
    unitPriceMicros: 1_500_000n,
    pricedPer: 'segment',
    priceMicros: 1_500_000n,
    chargeOn: 'sent',
    reference: null,
    campaign: null,
    metadata: null,
    callbackUrl: null,
    traceParent: null,
    acceptedAt,
    sendAt: null,
    notBefore: acceptedAt,
    expiresAt: new Date(acceptedAt.getTime() + defaultValidityMs[category]),
    wakeAt: acceptedAt,
    ...given,
  };
}
