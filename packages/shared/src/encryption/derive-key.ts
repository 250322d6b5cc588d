import { hkdfSync } from 'node:crypto';

/** What a sub-key is for; one purpose never decrypts what another sealed. */
export type KeyPurpose = 'tenant-data-key' | 'inbox' | 'sms-manager-callback';

/** A 32-byte sub-key of MASTER_KEY (HKDF-SHA256, RFC 5869). */
export function deriveKey(masterKey: Uint8Array, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', `tollgate ${purpose}`, 32));
}
