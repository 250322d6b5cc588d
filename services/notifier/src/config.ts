import { commonConfig, configTypes } from '@tollgate/shared/runtime/config.ts';
import { isLoopback } from '@tollgate/shared/runtime/loopback.ts';
import { z } from 'zod';

/** "billing@example.com" or "Tollgate <billing@example.com>". */
const MailAddress = z
  .string({ error: 'is missing: who mails come from, such as Tollgate <billing@example.com>' })
  .transform((text, context) => {
    const named = /^(.*)<([^<>]+)>$/.exec(text.trim());
    const address = (named?.[2] ?? text).trim();
    if (z.email().safeParse(address).success) return { name: unquote(named?.[1] ?? ''), address };
    const message = 'must be an address such as Tollgate <billing@example.com>';
    context.issues.push({ code: 'custom', message, input: text });
    return z.NEVER;
  });

export const NotifierConfig = z
  .object({
    ...commonConfig,
    SMTP_URL: configTypes
      .urlWithProtocol('smtp', 'smtps')
      .refine((text) => !URL.canParse(text) || new URL(text).hostname !== '', { error: 'names no server' }),
    MAIL_FROM: MailAddress,
  })
  .refine(({ TOLLGATE_MODE, SMTP_URL }) => TOLLGATE_MODE === 'live' || isLoopback(SMTP_URL), {
    // In live mode this machine may have a relay of its own; in the sandbox no mail may leave it.
    error: 'is not on this machine, but TOLLGATE_MODE is sandbox',
    path: ['SMTP_URL'],
  });

export type NotifierConfig = z.infer<typeof NotifierConfig>;

function unquote(name: string): string {
  return name.trim().replace(/^"(.*)"$/, '$1');
}
