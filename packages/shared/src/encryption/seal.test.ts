import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveKey } from './derive-key.ts';
import { seal, UnsealError, unseal } from './seal.ts';

const key = deriveKey(Buffer.alloc(32, 7), 'tenant-data-key');

describe('sealed bytes', () => {
  it('open to what was sealed', () => {
    expect(unseal(key, seal(key, 'Dobrý den', 'row-1'), 'row-1').toString()).toBe('Dobrý den');
  });

  it('differ each time, so that equal bodies cannot be told by their ciphertext', () => {
    expect(seal(key, 'same', 'row-1')).not.toEqual(seal(key, 'same', 'row-1'));
  });

  it('do not open for another row', () => {
    expect(() => unseal(key, seal(key, 'secret', 'row-1'), 'row-2')).toThrow(UnsealError);
  });

  it('do not open with another key, nor with the key of another purpose', () => {
    const sealed = seal(key, 'secret', 'row-1');
    expect(() => unseal(randomBytes(32), sealed, 'row-1')).toThrow(UnsealError);
    expect(() => unseal(deriveKey(Buffer.alloc(32, 7), 'inbox'), sealed, 'row-1')).toThrow(UnsealError);
  });

  it('do not open when one bit was changed, nor when cut short', () => {
    const sealed = seal(key, 'secret', 'row-1');
    const changed = Uint8Array.from(sealed, (byte, index) => (index === 15 ? byte ^ 1 : byte));
    expect(() => unseal(key, changed, 'row-1')).toThrow(UnsealError);
    expect(() => unseal(key, sealed.subarray(0, 10), 'row-1')).toThrow(UnsealError);
  });
});
