import type { MailContent } from '@tollgate/shared/notifications/notices.ts';
import type { MailFormats } from './mail-formats.ts';

/** A mail in words: all that stands in it, formatted and not yet laid out. */
export type NoticeWords = {
  subject: string;
  heading: string;
  paragraphs: string[];
  facts: { label: string; value: string }[];
  /** Where the reader can do something about it. */
  link: { label: string; url: string } | null;
  closing: string;
};

/** Every kind of mail but the usage summary, which is a table and has a wording of its own. */
export type NoticeMail = Exclude<MailContent, { kind: 'usage_summary' }>;
export type NoticeMailKind = NoticeMail['kind'];
export type ContentOf<Kind extends NoticeMailKind> = Extract<NoticeMail, { kind: Kind }>['content'];

/** What each kind of mail says in one language. */
export type NoticeWording = {
  /** BCP 47: dates, numbers and money are written its way. */
  locale: string;
  closing: string;
  kinds: {
    [Kind in NoticeMailKind]: (
      content: ContentOf<Kind>,
      formats: MailFormats,
    ) => Omit<NoticeWords, 'closing'>;
  };
};
