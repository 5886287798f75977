import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PhusaError } from '../core/errors.ts';

/** The home's key: 32 bytes that seal its secrets, kept outside the database. */
export type HomeKey = Uint8Array & { readonly length: 32 };

/** May a missing key file be made? Only where nothing is sealed yet: else the key was lost. */
export interface KeyFileOptions {
  readonly create: boolean;
}

/**
 * Reads the key file; makes it (32 random bytes, mode 0600) where there is none and `create` allows it (J04).
 * Throws fatal `key-file-missing`, `key-file-exposed` (readable by group or others) or `key-file-invalid`.
 */
export function openKeyFile(path: string, options: KeyFileOptions = { create: true }): HomeKey {
  if (!existsSync(path)) {
    if (!options.create) throw refusal('key-file-missing', path, missing);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx' });
  }
  if ((statSync(path).mode & 0o077) !== 0) throw refusal('key-file-exposed', path, exposed);
  const key = readFileSync(path);
  if (isHomeKey(key)) return key;
  throw refusal('key-file-invalid', path, invalid);
}

function isHomeKey(bytes: Uint8Array): bytes is HomeKey {
  return bytes.length === 32;
}

interface Trouble {
  readonly vi: string;
  readonly en: string;
  readonly remedyVi: string;
  readonly remedyEn: string;
}

const missing: Trouble = {
  vi: 'không tồn tại',
  en: 'does not exist',
  remedyVi:
    'Khôi phục tệp khóa từ bản sao lưu; không có nó thì không mở được bí mật đã niêm phong.',
  remedyEn: 'Restore the key file from its backup; without it no sealed secret can be opened.',
};

const exposed: Trouble = {
  vi: 'cho nhóm hoặc người khác đọc',
  en: 'can be read by its group or by others',
  remedyVi: 'Chạy chmod 600 với tệp này; nếu người khác đã đọc được, hãy thay khóa.',
  remedyEn: 'Run chmod 600 on it; if others may have read it, replace the key.',
};

const invalid: Trouble = {
  vi: 'không phải 32 byte',
  en: 'is not 32 bytes long',
  remedyVi: 'Kiểm tra PHUSA_KEY_FILE.',
  remedyEn: 'Check PHUSA_KEY_FILE.',
};

function refusal(code: string, path: string, trouble: Trouble): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code,
    message: { vi: `Tệp khóa ${path} ${trouble.vi}.`, en: `The key file ${path} ${trouble.en}.` },
    remedy: { vi: trouble.remedyVi, en: trouble.remedyEn },
    place: { file: path },
  });
}
