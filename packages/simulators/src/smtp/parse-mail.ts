import PostalMime, { type Attachment, type Header } from 'postal-mime';
import type { CaughtMail } from './caught-mail.ts';

export interface MailEnvelope {
  id: string;
  receivedAt: string;
  from: string;
  to: string[];
}

/** Returns a mail read from its raw bytes; the addresses are those of the envelope. */
export async function parseMail(raw: Uint8Array, envelope: MailEnvelope): Promise<CaughtMail> {
  const mail = await PostalMime.parse(raw);
  return {
    ...envelope,
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? null,
    headers: headersByName(mail.headers),
    text: mail.text ?? null,
    html: mail.html ?? null,
    attachments: mail.attachments.map(factsOf),
  };
}

function headersByName(headers: Header[]): Record<string, string> {
  const names = Map.groupBy(headers, ({ key }) => key);
  return Object.fromEntries(
    [...names].map(([name, found]) => [name, found.map(({ value }) => value).join('\n')]),
  );
}

function factsOf({ filename, mimeType, content }: Attachment) {
  const sizeBytes = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
  return { filename, mimeType, sizeBytes };
}
