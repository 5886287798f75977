import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Sha256 } from '../../portal/sha256.ts';

const expected = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1_000_003])('hashes %d bytes', (length) => {
  const bytes = Uint8Array.from({ length }, (_, n) => (n * 31) % 251);
  const hash = new Sha256();
  hash.add(bytes);
  expect(hash.digest()).toBe(expected(bytes));
});

it('gives the same however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (parts) => {
      const hash = new Sha256();
      for (const part of parts) hash.add(part);
      expect(hash.digest()).toBe(expected(Buffer.concat(parts)));
    }),
  );
});
