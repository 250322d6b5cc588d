import { toStorable } from '@tollgate/shared/text/to-storable.ts';
import { z } from 'zod';

const TEXT_LENGTH_MAX = 300;

/** More than the longest chain of segments holds. */
const BODY_LENGTH_MAX = 10_000;

/** Text as PostgreSQL can store it, so that one senseless event does not spoil the statement that stores its neighbours. */
export const storable = z.string().transform((text) => toStorable(text, TEXT_LENGTH_MAX));

/** What somebody wrote, whole. */
export const storableBody = z.string().transform((text) => toStorable(text, BODY_LENGTH_MAX));
