import { type BilledPeriod, judgeEach } from './billed-period.ts';
import { done, type Judgement, waiting, wrong } from './judgement.ts';

/** A mail that arrived; `notificationId` is what the sender calls it in a header. */
export type ArrivedMail = { notificationId: string | null; recipient: string };

/** Whether exactly one usage summary arrived for each invoice. */
export function judgeMails(periods: readonly BilledPeriod[], mails: readonly ArrivedMail[]): Judgement {
  return judgeEach(periods, 'none', ({ notificationIds }, { tenant }) => {
    if (notificationIds.length > 1)
      return wrong(`${notificationIds.length} summaries of one invoice of ${tenant}`);
    const arrived = mails.filter(({ notificationId }) => notificationIds.includes(notificationId ?? ''));
    if (arrived.length > 1) return wrong(`the usage summary of ${tenant} arrived ${arrived.length} times`);
    const [mail] = arrived;
    return mail === undefined ? waiting(`no usage summary of ${tenant} arrived`) : done(mail.recipient);
  });
}
