import { z } from 'zod';
import { isStorable } from '../problems/storable-text.ts';

const CURSOR_LENGTH_MAX = 1_000;

/** An instant in a cursor, as a Date writes itself. The database knows no year 0, which ISO 8601 has. */
export const CursorInstant = z.iso.datetime({ precision: 3 }).regex(/^(19|2)/);

/**
 * The cursor of one list: where a page ended, as text that callers hand back and need not understand.
 * It names its list, so that the cursor of another one is refused instead of misread.
 */
export function defineCursor<Position extends z.ZodType>(list: string, position: Position) {
  const Cursor = z.tuple([z.literal(list), position]);
  return {
    /** The cursor that continues after this position. */
    after: (end: z.input<Position>): string => encode([list, end]),
    /** The query parameter; gives the position. */
    parameter: z
      .string()
      .transform((text, context): z.output<Position> => {
        const result = Cursor.safeParse(decode(text));
        if (result.success) return result.data[1] as z.output<Position>;
        const message = 'is not a cursor of this list; send the nextCursor of an answer as it came';
        context.issues.push({ code: 'custom', message, input: text });
        return z.NEVER;
      })
      .meta({ description: 'The `nextCursor` of the page before; the other parameters stay the same.' }),
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** What a cursor holds; undefined for text that `encode` never made, or not of what the database gave. */
function decode(text: string): unknown {
  if (text.length > CURSOR_LENGTH_MAX) return undefined;
  let canBeStored = true;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString(), (_, part: unknown) => {
      if (typeof part === 'string' && !isStorable(part)) canBeStored = false;
      return part;
    });
    return canBeStored && encode(value) === text ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
