export const apiVersion = '2026-10-28.endive';

export interface StripeEvent {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  data: { object: Record<string, unknown>; previous_attributes?: object };
  livemode: false;
  /** As posted; answers count the endpoints that have not answered yet. */
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
}

export interface NewStripeEvent {
  id: string;
  type: string;
  created: number;
  object: Record<string, unknown>;
  previous: object | undefined;
  requestId: string | null;
  idempotencyKey: string | null;
}

/** Returns the event that tells of one change. */
export function newStripeEvent(given: NewStripeEvent): StripeEvent {
  const { id, type, created, object, previous } = given;
  return {
    id,
    object: 'event',
    api_version: apiVersion,
    created,
    data: previous === undefined ? { object } : { object, previous_attributes: previous },
    livemode: false,
    pending_webhooks: 1,
    request: { id: given.requestId, idempotency_key: given.idempotencyKey },
    type,
  };
}
