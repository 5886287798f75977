import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { PhusaError } from '../core/errors.ts';
import type { HomeKey } from './key-file.ts';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals a text with AES-256-GCM: base64 of nonce, tag and ciphertext. `context` says whose text it is; it is not kept,
 * and opening under any other context fails (J02, J03).
 */
export function seal(key: HomeKey, context: readonly string[], text: string): string {
  return sealBytes(key, context, Buffer.from(text, 'utf8')).toString('base64');
}

/** Seals bytes: nonce, tag and ciphertext. */
export function sealBytes(key: HomeKey, context: readonly string[], bytes: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(associated(context));
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** Opens a sealed text. Throws fatal `seal-broken`: another key, another context, or altered; never says the text. */
export function unseal(key: HomeKey, context: readonly string[], sealed: string): string {
  return unsealBytes(key, context, Buffer.from(sealed, 'base64')).toString('utf8');
}

/** Opens sealed bytes. Throws fatal `seal-broken` as {@link unseal} does. */
export function unsealBytes(key: HomeKey, context: readonly string[], bytes: Uint8Array): Buffer {
  const nonce = bytes.subarray(0, nonceBytes);
  const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes);
  try {
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(associated(context)).setAuthTag(tag);
    const body = decipher.update(bytes.subarray(nonceBytes + tagBytes));
    return Buffer.concat([body, decipher.final()]);
  } catch {
    throw sealBroken(context);
  }
}

function associated(context: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(context), 'utf8');
}

/** What is told when a sealed text cannot be opened. */
export function sealBroken(context: readonly string[]): PhusaError {
  const what = context.join(' / ');
  return new PhusaError({
    group: 'fatal',
    code: 'seal-broken',
    message: {
      vi: `Không mở được bí mật đã niêm phong: ${what}.`,
      en: `Cannot open the sealed secret: ${what}.`,
    },
    remedy: {
      vi: 'Sai tệp khóa, hoặc bản ghi đã bị thay đổi: kiểm tra PHUSA_KEY_FILE, rồi đặt lại bí mật.',
      en: 'The key file is another one, or the row was altered: check PHUSA_KEY_FILE, then set the secret again.',
    },
  });
}
