import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Thrown when sealed bytes were changed, belong elsewhere, or were sealed with another key. */
export class UnsealError extends Error {
  override name = 'UnsealError';
}

/**
 * Encrypts with AES-256-GCM: version, nonce, ciphertext, tag. `context` (the owning row's id) is
 * authenticated with it, so that sealed bytes copied to another row do not open.
 */
export function seal(key: Uint8Array, plain: Uint8Array | string, context: string): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const text = typeof plain === 'string' ? Buffer.from(plain) : plain;
  return Uint8Array.from(
    Buffer.concat([Buffer.of(VERSION), nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]),
  );
}

/** Decrypts what `seal` made with the same key and context; throws UnsealError otherwise. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string): Buffer {
  if (sealed.length < 1 + NONCE_BYTES + TAG_BYTES || sealed[0] !== VERSION) {
    throw new UnsealError('not sealed by this version');
  }
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const tag = sealed.subarray(sealed.length - TAG_BYTES);
  const ciphertext = sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context)).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    throw new UnsealError(`does not open for ${context}: wrong MASTER_KEY or changed bytes`);
  }
}
