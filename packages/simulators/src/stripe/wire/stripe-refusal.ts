/** The `error` object of an answer, as Stripe words it. */
export interface StripeErrorBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  /** The intent that a declined payment was for. */
  payment_intent?: object;
}

/** Thrown when Stripe would refuse a call: nothing is written, and the answer carries this status and error. */
export class StripeRefusal extends Error {
  readonly status: number;
  readonly body: StripeErrorBody;

  constructor(status: number, body: StripeErrorBody) {
    super(body.message);
    this.name = 'StripeRefusal';
    this.status = status;
    this.body = body;
  }
}

/** Returns the refusal of a request that cannot be carried out as it stands (400). */
export function invalidRequest(
  message: string,
  details: { code?: string; param?: string } = {},
): StripeRefusal {
  return new StripeRefusal(400, { type: 'invalid_request_error', message, ...details });
}

/** Returns the refusal of an id that leads nowhere: 404 for the object of the path, 400 for a parameter. */
export function noSuch(noun: string, id: string, param?: string): StripeRefusal {
  return new StripeRefusal(param === undefined ? 404 : 400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: param ?? 'id',
    message: `No such ${noun}: '${id}'`,
  });
}
