import { z } from 'zod';
import type { ArrivedMail } from './judge-mails.ts';

const ANSWER_MS = 10_000;

const Mails = z.object({
  messages: z.array(z.object({ to: z.array(z.string()), headers: z.record(z.string(), z.string()) })),
});

/** The mails that arrived at the catcher whose page is at `url`. */
export async function listMails(url: string): Promise<ArrivedMail[]> {
  const response = await fetch(`${url}/simulator/messages`, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) throw new Error(`the mail catcher answered ${response.status}`);
  const { messages } = Mails.parse(await response.json());
  return messages.map(({ to, headers }) => ({
    notificationId: headers['x-tollgate-notification'] ?? null,
    recipient: to.join(', '),
  }));
}
