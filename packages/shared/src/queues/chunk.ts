import { CHUNK_SIZE } from './catalog.ts';

/** Cuts ids into pieces that a job may carry. */
export function chunk(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / CHUNK_SIZE) }, (_, index) =>
    ids.slice(index * CHUNK_SIZE, (index + 1) * CHUNK_SIZE),
  );
}
