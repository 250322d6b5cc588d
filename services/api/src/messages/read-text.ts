import { checkBodyLength } from '@tollgate/shared/text/body-limit.ts';
import { countSegments, type SegmentCount } from '@tollgate/shared/text/segments.ts';
import { transliterateToGsm7 } from '@tollgate/shared/text/transliterate.ts';
import { invalidRequest } from '../problems/problem.ts';

/** The text as it will be sent, counted. Throws a Problem for one that is empty or over the provider's limit. */
export function readText({ body, transliterate }: { body: string; transliterate?: boolean | undefined }) {
  const original = countText(body);
  return transliterate ? countText(transliterateToGsm7(body)) : original;
}

function countText(text: string): SegmentCount {
  const length = checkBodyLength(text);
  if (!length.ok) throw invalidRequest([{ pointer: '#/body', detail: length.detail }]);
  // Nothing but invisible characters, which a transliteration leaves out.
  if (text.trim() === '') throw invalidRequest([{ pointer: '#/body', detail: 'the body is empty' }]);
  return countSegments(text);
}
