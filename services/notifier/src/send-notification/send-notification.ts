import { documentOf } from '@tollgate/documents/document-of.ts';
import {
  type ClaimedNotification,
  claimNotification,
} from '@tollgate/shared/notifications/claim-notification.ts';
import { MailContent } from '@tollgate/shared/notifications/notices.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inSpan } from '@tollgate/shared/runtime/trace.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type { MailAddress, MailAttachment, Mailer, MailOutcome } from '../smtp/mailer.ts';
import { buildMail } from './build-mail.ts';
import { chooseAttachment } from './choose-attachment.ts';
import { completeNumber } from './complete-number.ts';
import { ATTEMPTS_MAX, decideNextStep } from './decide-next-step.ts';
import { type SettleDeps, settle } from './settle.ts';

/** Longer than a hand-over can take, so that a row whose lease is over has nobody at it. */
const LEASE_MS = 60 * SECOND_MS;

export type SendNotificationDeps = SettleDeps & {
  logger: Logger;
  mailer: Mailer;
  mailFrom: MailAddress;
  /** 0 ≤ random() < 1 */
  random: () => number;
};

/**
 * Sends one mail, unless it was sent, was given up, or somebody is at it. The row is claimed before
 * the call and settled after it; a crash between them sends the mail again, under the same Message-ID.
 */
export async function sendNotification(deps: SendNotificationDeps, notificationId: string): Promise<void> {
  const { prisma, clock, logger, random } = deps;
  const now = clock.now();
  const claim = await claimNotification(prisma, notificationId, now, new Date(now.getTime() + LEASE_MS));
  if (claim === null) return;
  const step = decideNextStep(claim.attempts, await attempt(deps, claim), random());
  await settle(deps, claim, step);
  const failure = step.kind === 'sent' ? undefined : step.failure.code;
  logger.info({ notificationId, attempts: claim.attempts, step: step.kind, failure }, 'mail attempted');
}

async function attempt(deps: SendNotificationDeps, claim: ClaimedNotification): Promise<MailOutcome> {
  const { mailer, mailFrom } = deps;
  // Only claims whose process died come this far: without the bound such a mail would be tried for ever.
  if (claim.attempts > ATTEMPTS_MAX) {
    return { kind: 'refused', code: 'attempts_used_up', detail: 'its attempts ended without an outcome' };
  }
  const content = MailContent.safeParse({ kind: claim.kind, content: claim.content }).data;
  if (content === undefined) {
    return { kind: 'refused', code: 'content_unreadable', detail: `the content is no ${claim.kind}` };
  }
  const attachments = await readAttachments(deps, content);
  if (attachments === null) {
    return { kind: 'deferred', code: 'document_missing', detail: 'there is no document to send yet' };
  }
  const mail = buildMail(claim, await completeNumber(deps.prisma, content), attachments, mailFrom);
  return inSpan('smtp send', {}, () => mailer.send(mail));
}

/** The PDF that goes with the mail, if one does; null while one is missing that has to. */
async function readAttachments(
  deps: SendNotificationDeps,
  content: MailContent,
): Promise<MailAttachment[] | null> {
  const wanted = chooseAttachment(content);
  if (wanted === null) return [];
  const document = await documentOf(deps, wanted.invoiceId, wanted.kind);
  if (document === null) return wanted.isRequired ? null : [];
  return [{ filename: document.fileName, content: document.pdf, contentType: 'application/pdf' }];
}
