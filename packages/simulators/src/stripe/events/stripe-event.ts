export const apiVersion = '2026-10-28.endive';

export interface StripeEvent {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  data: { object: Record<string, unknown>; previous_attributes?: object };
  livemode: false;
  /** 1 until the endpoint, if there is one, has answered. */
  pending_webhooks: 0 | 1;
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
  /** Whether the event is going to be posted. */
  isPosted: boolean;
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
    pending_webhooks: given.isPosted ? 1 : 0,
    request: { id: given.requestId, idempotency_key: given.idempotencyKey },
    type,
  };
}
