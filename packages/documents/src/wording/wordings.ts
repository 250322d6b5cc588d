import type { Locale } from '@tollgate/shared/notifications/mail-parts.ts';
import { czech } from './czech.ts';
import { english } from './english.ts';
import type { DocumentWording } from './wording.ts';

export const wordings: Record<Locale, DocumentWording> = { cs: czech, en: english };
