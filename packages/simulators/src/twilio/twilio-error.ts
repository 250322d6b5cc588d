/** The body of every refusal (https://www.twilio.com/docs/usage/twilios-response). */
export interface TwilioError {
  code: number;
  message: string;
  more_info: string;
  status: number;
}

const codeOfStatus: Record<number, number> = { 401: 20003, 403: 20003, 404: 20404, 429: 20429 };

/** Returns the body that goes with a refusal. */
export function errorBody(status: number, code?: number, message?: string): TwilioError {
  const own = code ?? codeOfStatus[status] ?? 20001;
  return {
    code: own,
    message: message ?? `Error ${own}`,
    more_info: `https://www.twilio.com/docs/errors/${own}`,
    status,
  };
}
