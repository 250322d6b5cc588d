/** A refusal of the request as it stands. */
export interface Mistake {
  code: number;
  message: string;
}

export interface MessageParameters {
  to: string;
  body: string;
  from: string | null;
  messagingServiceSid: string | null;
  statusCallback: string | null;
}

const known = new Set([
  'To',
  'From',
  'MessagingServiceSid',
  'Body',
  'StatusCallback',
  'ValidityPeriod',
  'SmartEncoded',
]);
const phoneNumber = /^\+[1-9]\d{6,14}$/;
const sender = /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/;
const bodyMax = 1600;

/**
 * Reads the form of a send call. Parameters that are not modelled are refused although Twilio ignores them: a typo
 * in a name must fail here, not in front of a customer.
 */
export function readParameters(form: URLSearchParams): MessageParameters | Mistake {
  const unknown = [...new Set(form.keys())].find((name) => !known.has(name) || form.getAll(name).length > 1);
  if (unknown !== undefined)
    return { code: 20001, message: `Parameter ${unknown} is not known, or given twice` };
  const to = form.get('To');
  const body = form.get('Body');
  const from = form.get('From');
  const messagingServiceSid = form.get('MessagingServiceSid');
  const statusCallback = form.get('StatusCallback');
  if (!to) return { code: 21604, message: "A 'To' phone number is required" };
  if (!phoneNumber.test(to)) return { code: 21211, message: `Invalid 'To' Phone Number: ${to}` };
  if (!body) return { code: 21602, message: 'Message body is required' };
  if (body.length > bodyMax)
    return { code: 21617, message: 'The concatenated message body exceeds 1600 characters' };
  if (!from && !messagingServiceSid) return { code: 21603, message: "A 'From' phone number is required" };
  if (from && !sender.test(from)) return { code: 21212, message: `Invalid From Number (caller ID): ${from}` };
  if (messagingServiceSid && !/^MG[0-9a-f]{32}$/.test(messagingServiceSid)) {
    return { code: 21701, message: 'The Messaging Service does not exist' };
  }
  if (statusCallback && !isCallback(statusCallback))
    return { code: 21609, message: 'Invalid StatusCallback URL' };
  return { to, body, from, messagingServiceSid, statusCallback };
}

/** The host of a callback must not contain underscores. */
function isCallback(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && !new URL(url).hostname.includes('_');
}
