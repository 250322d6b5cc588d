import { z } from 'zod';

const TEXT_LENGTH_MAX = 300;

/** Text as PostgreSQL can store it, so that one senseless event does not spoil the statement that stores its neighbours. */
export const storable = z.string().transform((text) => text.replaceAll('\0', '').slice(0, TEXT_LENGTH_MAX));
