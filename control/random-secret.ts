import { createHash, randomBytes } from 'node:crypto';

/** A random text of so many bits, in base64url. */
export function randomSecret(bits: number): string {
  return randomBytes(bits / 8).toString('base64url');
}

/**
 * The hash under which a random secret is kept. One SHA-256 is enough for 128 random bits: there is nothing to guess;
 * a password needs argon2id instead.
 */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
