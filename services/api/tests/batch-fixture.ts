import type { ApiFixture } from './api-fixture.ts';

export const body = 'Hello';
export const to = '+420777123456';

/** The number of a Czech mobile, another one for each index. */
export const numberOf = (index: number) => `+4207770${String(index).padStart(5, '0')}`;

/** Asks for a batch under an API key, and an idempotency key if one is given. */
export const sendBatch = (api: ApiFixture, key: string, json: unknown, idempotencyKey?: string) =>
  api.call('POST', '/v1/sms/batch', {
    key,
    json,
    headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
  });
