export type FieldError = { detail: string } & (
  | {
      /** JSON pointer into the request body, as a URI fragment (RFC 6901): `#/to`; `#` is all of it. */
      pointer: string;
    }
  | {
      /** Name of a query parameter. */
      parameter: string;
    }
);

/** Stable codes; clients decide by them, people read `detail`. `meaning` is what `type` leads to. */
export const problemKinds = {
  invalid_request: {
    status: 400,
    title: 'The request does not fit',
    meaning: '`errors` names each field that does not fit. Sending it again unchanged will not help.',
  },
  invalid_signature: {
    status: 400,
    title: 'The signature does not fit',
    meaning: 'The body was not signed with the secret that is configured here, or it was changed on its way.',
  },
  unauthenticated: {
    status: 401,
    title: 'No valid API key',
    meaning: 'Send `Authorization: Bearer` with an API key that exists, was not revoked and has not expired.',
  },
  insufficient_credit: {
    status: 402,
    title: 'Not enough credit',
    meaning: '`shortfall` is what is missing. Add funds, or send a batch with `partial: true`.',
  },
  unpaid_billings: {
    status: 402,
    title: 'Billings are not paid',
    meaning:
      'Billings that nobody has approved or paid are older or larger than the account may have. Pay them.',
  },
  past_due: {
    status: 402,
    title: 'An invoice is past due',
    meaning: 'Promotional messages are not sent until it is paid; others are.',
  },
  forbidden: {
    status: 403,
    title: 'Not allowed',
    meaning: 'The key is good but lacks the scope, or the operator the role, that `detail` names.',
  },
  sms_disabled: {
    status: 403,
    title: 'SMS is switched off',
    meaning: 'The plan does not include SMS, or SMS is switched off in the settings.',
  },
  country_not_allowed: {
    status: 403,
    title: 'The country is not allowed',
    meaning: 'The settings name the countries that may be sent to, and this is none of them.',
  },
  tenant_suspended: {
    status: 403,
    title: 'The account is suspended',
    meaning:
      'Nothing is sent until the account is resumed. `reason` is tenant (it paused itself), operator, unpaid or dispute.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    meaning: 'No such thing, or it is somebody else’s.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The method is not allowed here',
    meaning: 'The address exists and answers the methods in the header `Allow`.',
  },
  idempotency_conflict: {
    status: 409,
    title: 'Idempotency key used for another request',
    meaning: 'Use a new key for a new request, and the same content for the same key.',
  },
  too_late: {
    status: 409,
    title: 'Too late',
    meaning: 'The message was handed over or has ended; `state` says how it stands.',
  },
  conflict: {
    status: 409,
    title: 'It does not fit what is there',
    meaning: '`detail` says what stands against it. Look at what is there, then decide anew.',
  },
  idempotency_in_progress: {
    status: 409,
    title: 'The same request is being worked on',
    meaning:
      'The first request with this key has not been answered yet. Ask again after `Retry-After` seconds.',
  },
  payload_too_large: {
    status: 413,
    title: 'The request is too large',
    meaning: '`detail` names the limit. Divide the request.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The request is not JSON',
    meaning: 'Bodies are JSON in UTF-8, sent as `Content-Type: application/json`.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    meaning: 'Wait for the seconds in `Retry-After`. `RateLimit` says on every answer what is left.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong here',
    meaning: 'Our mistake, logged under `traceId`. A request with an Idempotency-Key can be sent again.',
  },
  payments_unavailable: {
    status: 503,
    title: 'Payments are not possible now',
    meaning:
      'Stripe did not answer, or this installation has no account there. Nothing was charged; ask again later.',
  },
} as const satisfies Record<string, { status: number; title: string; meaning: string }>;

export type ProblemCode = keyof typeof problemKinds;

/** An answer that is not the wished-for one, as problem details (RFC 9457). */
export class Problem extends Error {
  override name = 'Problem';
  readonly code: ProblemCode;
  readonly extras: object;

  /** `extras` are further members of the answer, such as `errors` or `shortfall`. */
  constructor(code: ProblemCode, detail: string, extras: object = {}) {
    super(detail);
    this.code = code;
    this.extras = extras;
  }

  get status(): number {
    return problemKinds[this.code].status;
  }

  toJSON(): object {
    const { status, title } = problemKinds[this.code];
    return {
      type: `/docs/problems#${this.code}`,
      title,
      status,
      code: this.code,
      detail: this.message,
      ...this.extras,
    };
  }
}

/** What an answer names at most; the rest is counted. */
const ERRORS_MAX = 100;

/** A request whose fields do not fit, each named: the first hundred, and how many more there are. */
export function invalidRequest(errors: FieldError[]): Problem {
  const named = errors.slice(0, ERRORS_MAX);
  const detail = named.map((error) => `${nameOf(error)}: ${error.detail}`).join('; ');
  const more = errors.length - named.length;
  if (more === 0) return new Problem('invalid_request', detail, { errors });
  return new Problem('invalid_request', `${detail}; and ${more} more`, {
    errors: named,
    errorsOmitted: more,
  });
}

function nameOf(error: FieldError): string {
  return 'parameter' in error ? error.parameter : error.pointer.slice(2) || 'body';
}
