import type { Locale } from '@tollgate/shared/notifications/mail-parts.ts';
import { createMailFormats } from './mail-formats.ts';
import { czech } from './notice-wording-czech.ts';
import { english } from './notice-wording-english.ts';
import type { NoticeMail, NoticeWording, NoticeWords } from './notice-words.ts';

const wordings: Record<Locale, NoticeWording> = { cs: czech, en: english };

/** Puts a mail into words, in its tenant's language. Throws InvalidDecimalError for an amount that is none. */
export function wordNotice({ kind, content }: NoticeMail): NoticeWords & { language: Locale } {
  const language = content.locale ?? 'en';
  const { locale, closing, kinds } = wordings[language];
  // Each kind's wording takes its own content; the compiler cannot follow the pair through the index.
  const word = kinds[kind] as (
    content: NoticeMail['content'],
    formats: ReturnType<typeof createMailFormats>,
  ) => Omit<NoticeWords, 'closing'>;
  return { ...word(content, createMailFormats(locale)), closing, language };
}
