import type { z } from 'zod';

/** Returns one line naming every mistake with the place where it was found. */
export function describeMistakes(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
}
