import type { MailOutcome } from './mailer.ts';

/** What is known of a failed hand-over. */
export type SmtpFailure = {
  /** The client's own code, such as ESOCKET. */
  errorCode: string;
  /** The server's reply code, if it replied. */
  replyCode: number | null;
  /** The reply as it came, for people. */
  reply: string | null;
  /** The command that the server replied to. */
  command: string | null;
};

/** Replies to these speak of the mail; replies to others (greeting, EHLO, AUTH) speak of us. */
const commandsOfTheMail = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);

// RFC 5321: 503 means that the session went wrong. RFC 4954: 530, 534, 535, 538 want another login.
// Burying mails for a wrong password would lose all of them to one mistake in the configuration.
const repliesAboutUs = new Set([503, 530, 534, 535, 538]);

// Without a reply: the address cannot be written to the server, or the mail is larger than it takes.
const codesOfTheMail = new Set(['EENVELOPE', 'EMESSAGE']);

const DETAIL_LENGTH_MAX = 300;

/**
 * What a failed hand-over means, by code: 5yz to the mail is final, 4yz and a missing reply are not
 * (RFC 5321, section 4.2.1).
 */
export function classifyFailure(failure: SmtpFailure): MailOutcome {
  const { errorCode, replyCode, reply } = failure;
  const code = replyCode === null ? errorCode : `smtp_${replyCode}`;
  const detail = (reply ?? `no reply (${errorCode})`).slice(0, DETAIL_LENGTH_MAX);
  return { kind: isFinal(failure) ? 'refused' : 'deferred', code, detail };
}

function isFinal({ errorCode, replyCode, command }: SmtpFailure): boolean {
  if (replyCode === null) return codesOfTheMail.has(errorCode);
  if (replyCode < 500 || repliesAboutUs.has(replyCode)) return false;
  return command !== null && commandsOfTheMail.has(command);
}
