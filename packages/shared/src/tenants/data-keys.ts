import { randomBytes } from 'node:crypto';
import { deriveKey } from '../encryption/derive-key.ts';
import { seal, unseal } from '../encryption/seal.ts';

export type DataKeys = {
  /** A new data key for a tenant, wrapped for its row. */
  create(tenantId: string): Uint8Array<ArrayBuffer>;
  /** The tenant's data key; unwrapped once per process. Throws UnsealError under another MASTER_KEY. */
  open(tenantId: string, wrapped: Uint8Array): Uint8Array;
};

const CACHED_KEYS_MAX = 10_000;

/**
 * Each tenant's bodies are sealed with its own data key, so that a deleted tenant's bodies are gone
 * when its key is, and MASTER_KEY can change by wrapping the keys anew.
 */
export function createDataKeys(masterKey: Uint8Array): DataKeys {
  const wrappingKey = deriveKey(masterKey, 'tenant-data-key');
  const opened = new Map<string, Uint8Array>();
  return {
    create: (tenantId) => seal(wrappingKey, randomBytes(32), tenantId),
    open(tenantId, wrapped) {
      const known = opened.get(tenantId);
      if (known) return known;
      const key = unseal(wrappingKey, wrapped, tenantId);
      if (opened.size >= CACHED_KEYS_MAX) opened.clear();
      opened.set(tenantId, key);
      return key;
    },
  };
}
