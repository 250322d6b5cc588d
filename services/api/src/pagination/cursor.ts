import { z } from 'zod';

const CURSOR_LENGTH_MAX = 1_000;

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

/** What a cursor holds; undefined for text that `encode` never made. */
function decode(text: string): unknown {
  if (text.length > CURSOR_LENGTH_MAX) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return encode(value) === text ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
