import type { MailFault } from './faults/faults.ts';

/** Something worth a line in a log. */
export type MailEvent =
  | { msg: 'mail caught'; id: string; to: string[]; subject: string }
  | { msg: 'mail fault used'; fault: MailFault['kind'] }
  | { msg: 'internal error'; error: string };
