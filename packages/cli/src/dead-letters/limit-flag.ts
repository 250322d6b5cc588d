import { z } from 'zod';
import type { Flag } from '../command.ts';

const ROWS_MAX = 1_000;

export const limitFlag: Flag = {
  type: 'string',
  placeholder: 'count',
  summary: 'At most so many; 50 by default',
};

const error = `must be a whole number from 1 to ${ROWS_MAX}`;

export const limitValue = z.coerce
  .number({ error })
  .int({ error })
  .min(1, { error })
  .max(ROWS_MAX, { error })
  .default(50);
