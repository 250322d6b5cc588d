export type FieldError = { detail: string } & (
  | {
      /** JSON pointer into the request body, as a URI fragment (RFC 6901): `#/to`. */
      pointer: string;
    }
  | {
      /** Name of a query parameter. */
      parameter: string;
    }
);

/** Stable codes; clients decide by them, people read `detail`. */
export const problemKinds = {
  invalid_request: { status: 400, title: 'The request does not fit' },
  invalid_signature: { status: 400, title: 'The signature does not fit' },
  unauthenticated: { status: 401, title: 'No valid API key' },
  insufficient_credit: { status: 402, title: 'Not enough credit' },
  forbidden: { status: 403, title: 'Not allowed' },
  sms_disabled: { status: 403, title: 'SMS is switched off' },
  tenant_suspended: { status: 403, title: 'The account is suspended' },
  not_found: { status: 404, title: 'Not found' },
  idempotency_conflict: { status: 409, title: 'Idempotency key used for another request' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'The request is not JSON' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
} as const satisfies Record<string, { status: number; title: string }>;

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

/** A request whose fields do not fit, each named. */
export function invalidRequest(errors: FieldError[]): Problem {
  const detail = errors.map((error) => `${nameOf(error)}: ${error.detail}`).join('; ');
  return new Problem('invalid_request', detail, { errors });
}

function nameOf(error: FieldError): string {
  return 'parameter' in error ? error.parameter : error.pointer.slice(2) || 'body';
}
