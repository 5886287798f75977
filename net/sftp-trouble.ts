import { PhusaError } from '../core/errors.ts';
import { fileMissing, fileTrouble } from './file-trouble.ts';
import { transportError } from './transport-errors.ts';

/** What SFTP servers answer to a request (draft-ietf-secsh-filexfer-02 §7). */
export const sftpStatus = { eof: 1, noSuchFile: 2, permissionDenied: 3 } as const;

/** Turns what the SSH stack throws into a grouped error; `address` holds no secret. */
export function sftpTrouble(cause: unknown, address: string): PhusaError {
  if (cause instanceof PhusaError) return cause;
  const level = member(cause, 'level');
  if (level === 'client-authentication') return signInRefused(address, cause);
  if (level === 'client-timeout') return stalled(address, cause);
  if (level === 'handshake' || level === 'protocol') return notSpoken(address, cause);
  const code = member(cause, 'code');
  if (code === sftpStatus.noSuchFile) return fileMissing(address);
  if (code === sftpStatus.permissionDenied) return readRefused(address);
  if (typeof code === 'number') return statusTrouble(code, address, cause);
  return transportError(cause, address);
}

/** The server's key is not one of those in the configuration; both are shown, so that a person can compare them. */
export function hostKeyRefused(
  address: string,
  shown: string,
  pinned: readonly string[],
): PhusaError {
  const known = pinned.length > 0;
  return new PhusaError({
    group: 'fatal',
    code: known ? 'host-key-changed' : 'host-key-unknown',
    message: known
      ? {
          vi: `Khóa máy chủ ${address} không khớp: máy chủ đưa ${shown}, cấu hình ghi ${pinned.join(', ')}`,
          en: `The host key of ${address} does not match: the server shows ${shown}, the configuration has ${pinned.join(', ')}`,
        }
      : {
          vi: `Chưa ghi khóa của máy chủ ${address}; máy chủ đưa ${shown}, cấu hình: (trống)`,
          en: `No host key is configured for ${address}; the server shows ${shown}, the configuration has none`,
        },
    remedy: {
      vi: 'Hỏi đơn vị vận hành máy chủ dấu vân tay của khóa qua kênh khác; nếu đúng, ghi hostKey=… vào địa chỉ.',
      en: 'Ask those who run the server for its fingerprint by another way; if it is right, put hostKey=… into the address.',
    },
    place: { field: 'base', value: shown },
  });
}

/** The source's private key cannot be read, or not with its passphrase; which of the two, by the secret's name. */
export function keyUnreadable(secret: 'sftpKey' | 'sftpKeyPassphrase'): PhusaError {
  const isKey = secret === 'sftpKey';
  return new PhusaError({
    group: 'fatal',
    code: 'sftp-key-unreadable',
    message: isKey
      ? { vi: 'Không đọc được khóa riêng SFTP', en: 'The SFTP private key cannot be read' }
      : {
          vi: 'Mật khẩu của khóa riêng SFTP không đúng',
          en: 'The passphrase of the SFTP private key is not right',
        },
    remedy: {
      vi: `Đặt lại bí mật ${secret} của nguồn (khóa OpenSSH hoặc PEM).`,
      en: `Set the source's secret ${secret} again (an OpenSSH or PEM key).`,
    },
    place: { field: secret },
  });
}

function readRefused(address: string): PhusaError {
  return fileTrouble('fatal', 'access-refused', address, {
    vi: 'Máy chủ không cho đọc',
    en: 'The server does not permit reading',
  });
}

function signInRefused(address: string, cause: unknown): PhusaError {
  const message = {
    vi: 'Máy chủ không nhận tài khoản hoặc khóa',
    en: 'The server does not accept the account or its key',
  };
  return fileTrouble('fatal', 'access-refused', address, message, cause);
}

function stalled(address: string, cause: unknown): PhusaError {
  const message = { vi: 'Máy chủ không bắt tay kịp', en: 'The handshake took too long' };
  return fileTrouble('retriable', 'timeout-headers', address, message, cause);
}

function notSpoken(address: string, cause: unknown): PhusaError {
  const message = {
    vi: 'Không bắt tay SSH được với máy chủ',
    en: 'No SSH could be agreed on with the server',
  };
  return fileTrouble('retriable', 'connection-broken', address, message, cause);
}

function statusTrouble(code: number, address: string, cause: unknown): PhusaError {
  const message = { vi: `Máy chủ SFTP trả lỗi ${code}`, en: `The SFTP server answered ${code}` };
  return fileTrouble('retriable', 'server-error', address, message, cause);
}

function member(value: unknown, name: string): unknown {
  return value instanceof Error ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}
